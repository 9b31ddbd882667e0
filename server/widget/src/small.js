/** A screen on which the panel is all there is. */
export const SMALL = "(max-width:480px)";
