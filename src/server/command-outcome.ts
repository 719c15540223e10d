/** What became of a command: a sentence, and whether it was done. */
export type CommandOutcome = { readonly done: boolean; readonly message: string }
