/**
 * The few words before the panel is there: everything else is in `texts/`, which comes with it.
 *
 * @typedef {{open: string, failed: string, by: string}} Labels
 */

/** @type {{en: Labels, [lang: string]: Labels}} */
export const LABELS = {
  en: {
    open: "Open chat",
    by: "before {time}",
    failed: "The chat could not be loaded. Please try again in a moment.",
  },
  nl: {
    open: "Chat openen",
    by: "vóór {time}",
    failed: "De chat kon niet worden geladen. Probeer het zo nog eens.",
  },
  da: { open: "Åbn chat", by: "inden {time}", failed: "Chatten kunne ikke hentes. Prøv igen om et øjeblik." },
  de: {
    open: "Chat öffnen",
    by: "vor {time}",
    failed: "Der Chat konnte nicht geladen werden. Bitte versuchen Sie es gleich noch einmal.",
  },
  fr: {
    open: "Ouvrir le chat",
    by: "avant {time}",
    failed: "Le chat n’a pas pu être chargé. Réessayez dans un instant.",
  },
};

/** Those of them that say "Sie" or "vous", where a shop's tone is "familiar". @type {{[lang: string]: Partial<Labels>}} */
export const FAMILIAR_LABELS = {
  de: { failed: "Der Chat konnte nicht geladen werden. Bitte versuch es gleich noch einmal." },
  fr: { failed: "Le chat n’a pas pu être chargé. Réessaie dans un instant." },
};
