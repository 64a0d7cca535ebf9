import * as path from "node:path";

/** A file that user data brings to a machine. */
export interface BootFile {
  readonly path: string;
  readonly text: string;
}

/** What is known of a machine after its first boot: the files that user data wrote, in the order of first writing. */
export class Machine {
  /** Every text that was decoded on the way, for who looks for something in all of it. */
  readonly texts: string[] = [];
  /** What could not be read, each as the end of a sentence that begins with "its user data". */
  readonly unread = new Set<string>();
  cwd = "/";
  readonly variables = new Map<string, string>();
  private readonly written = new Map<string, string>();

  get files(): readonly BootFile[] {
    return [...this.written].map(([file, text]) => ({ path: file, text }));
  }

  write(file: string, text: string, append: boolean): void {
    const name = this.resolve(file);
    const before = append ? this.read(name) : undefined;
    this.written.set(name, `${before ?? ""}${text}`);
  }

  read(file: string): string | undefined {
    return this.written.get(this.resolve(file));
  }

  copy(from: string, to: string): void {
    const text = this.read(from);
    if (text === undefined) return;
    const isFolder = to.endsWith("/") || this.hasFolder(to);
    this.write(isFolder ? path.posix.join(to, path.posix.basename(from)) : to, text, false);
  }

  remove(file: string): void {
    this.written.delete(this.resolve(file));
  }

  enter(folder: string): void {
    this.cwd = this.resolve(folder);
  }

  /** Well-known folders of name servers too: a copy into one keeps its name. */
  private hasFolder(name: string): boolean {
    const folder = this.resolve(name);
    if (/^\/(etc|tmp|opt|root|etc\/(bind|named|named\.d)|var\/(named|lib\/named))$/.test(folder)) return true;
    return [...this.written.keys()].some((file) => path.posix.dirname(file) === folder);
  }

  private resolve(file: string): string {
    return path.posix.resolve(this.cwd, file);
  }
}
