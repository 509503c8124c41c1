import * as fs from "node:fs";

/** A socket of the internet's protocols. */
export interface Socket {
  pid: number;
  command: string;
  kind: "tcp" | "udp";
  listens: boolean;
  /** `127.0.0.1:4566`; of IPv6, eight groups of four digits or more. */
  local: string;
  remote: string;
}

const LISTEN = "0A";

/**
 * Sockets of all processes that have the variable in their environment, and of all that they have
 * started. Linux alone tells (proc(5)).
 */
export function socketsOf(variable: string): Socket[] {
  return [...familyOf(variable)].flatMap(socketsOfProcess);
}

/** Where a socket leads off this machine, or lets others in; undefined if it doesn't. */
export function leak({ pid, command, kind, listens, local, remote }: Socket): string | undefined {
  if (isLoopback(local) && (listens || isLoopback(remote) || isUnset(remote))) return undefined;
  // A socket that is bound but leads nowhere, as while it is being opened.
  if (!listens && isUnset(remote) && isUnset(local)) return undefined;
  return `${kind} ${local} > ${remote} of ${pid} ${command}`;
}

function familyOf(variable: string): Set<number> {
  const pids = fs
    .readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map(Number);
  const family = new Set(
    pids.filter((pid) => read(`/proc/${pid}/environ`).split("\0").includes(variable)),
  );
  const parents = new Map(pids.map((pid) => [pid, parentOf(pid)]));
  for (let size = -1; size !== family.size;) {
    size = family.size;
    for (const [pid, parent] of parents) if (family.has(parent)) family.add(pid);
  }
  return family;
}

function parentOf(pid: number): number {
  // The second field is the command's name, which may hold anything, in brackets.
  return Number(read(`/proc/${pid}/stat`).split(") ").at(-1)?.split(" ")[1] ?? 0);
}

function socketsOfProcess(pid: number): Socket[] {
  const inodes = new Set(
    links(`/proc/${pid}/fd`).flatMap((link) => /^socket:\[(\d+)\]$/.exec(link)?.[1] ?? []),
  );
  const command = read(`/proc/${pid}/cmdline`).replaceAll("\0", " ").slice(0, 300);
  return (["tcp", "tcp6", "udp", "udp6"] as const).flatMap((table) =>
    read(`/proc/${pid}/net/${table}`)
      .split("\n")
      .slice(1)
      .flatMap((line) => {
        const [, local, remote, state, , , , , , inode] = line.trim().split(/\s+/);
        if (!local || !remote || !inode || !inodes.has(inode)) return [];
        const kind = table.startsWith("tcp") ? ("tcp" as const) : ("udp" as const);
        const listens = kind === "tcp" && state === LISTEN;
        return [{ pid, command, kind, listens, local: address(local), remote: address(remote) }];
      }),
  );
}

/** Addresses are words of four bytes, each in the machine's order: little endian. */
function address(text: string): string {
  const [host = "", port = ""] = text.split(":");
  const bytes = (host.match(/.{8}/g) ?? []).flatMap((word) => (word.match(/../g) ?? []).reverse());
  const numbers = bytes.map((byte) => parseInt(byte, 16));
  const isMapped =
    bytes.length === 16 && bytes.slice(0, 12).join("") === "00000000000000000000ffff".toUpperCase();
  const name =
    bytes.length === 4
      ? numbers.join(".")
      : isMapped
        ? numbers.slice(12).join(".")
        : (bytes.join("").match(/.{4}/g) ?? []).join(":").toLowerCase();
  return `${name}:${parseInt(port, 16)}`;
}

function isLoopback(where: string): boolean {
  return where.startsWith("127.") || where.startsWith("0000:0000:0000:0000:0000:0000:0000:0001:");
}

function isUnset(where: string): boolean {
  return /^[0.:]+$/.test(where);
}

function read(file: string): string {
  try {
    return fs.readFileSync(file, "latin1");
  } catch {
    return ""; // The process has ended.
  }
}

function links(folder: string): string[] {
  try {
    return fs.readdirSync(folder).map((name) => {
      try {
        return fs.readlinkSync(`${folder}/${name}`);
      } catch {
        return "";
      }
    });
  } catch {
    return [];
  }
}
