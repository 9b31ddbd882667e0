/**
 * Asks to be the one of a shop's tabs that sends the outbox while hidden. Only a courtesy to the
 * server: ids make a message sent by two tabs harmless, so without Web Locks (they need https) every
 * tab leads.
 *
 * @param {string} name
 * @param {LockManager | undefined} locks
 * @param {() => void} onLead
 */
export function openLeader(name, locks, onLead) {
  let leads = !locks;
  /** @type {AbortController | undefined} */
  let asking;
  return {
    leads: () => leads,
    /** Ask for the lead. */
    join() {
      asking = new AbortController();
      const { signal } = asking;
      locks
        ?.request(name, { signal }, () => {
          leads = true;
          onLead();
          return new Promise((done) => signal.addEventListener("abort", done));
        })
        // Leaving while still waiting ends the wait like this.
        .catch(() => undefined);
    },
    /** Let another tab lead: a page kept for "back" must hold no lock. */
    leave() {
      leads = !locks;
      asking?.abort();
    },
  };
}
