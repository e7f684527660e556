// The little that the program uses of Node, whose own types are thousands of lines.
declare const process: { argv: string[] };
declare const console: { log(said: string): void };
