/** Wrong arguments of a command: it ends with 2, and says where the usage is. */
export class UsageError extends Error {}

/** The same for an exception, such as those of parseArgs(), whose advice is left out. @param {unknown} error */
export const asUsageError = (error) => new UsageError(/** @type {Error} */ (error).message.split(/\. |\.?\n/)[0]);
