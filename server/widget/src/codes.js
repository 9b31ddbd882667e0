/** The desk takes no chat now, but a message can be left. @type {ReadonlySet<string>} */
export const LEAVE_INSTEAD = new Set(["shop_closed", "queue_full", "address_full"]);
