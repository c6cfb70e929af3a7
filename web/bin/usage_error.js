/** Wrong arguments of a command: it ends with 2, and says where the usage is. */
export class UsageError extends Error {}
