import * as fs from "node:fs";
import * as path from "node:path";
import ts from "typescript";

/** What @pulumi/aws's own type files say of one property. */
export interface TypedProperty {
  readonly required: boolean;
  /** `string`, `number`, `boolean`, `asset`, `map`, `list` or `object`. */
  readonly kind: string;
  /** Properties of an object, or of a list's objects. */
  readonly fields?: TypedProperties;
}

export type TypedProperties = Readonly<Record<string, TypedProperty>>;

const folder = path.dirname(require.resolve("@pulumi/aws/package.json"));

function parse(file: string): ts.SourceFile {
  const name = path.join(folder, file);
  return ts.createSourceFile(name, fs.readFileSync(name, "utf8"), ts.ScriptTarget.ES2022, true);
}

/** Interfaces of the nested inputs, by `<module>.<name>`. */
const nested = new Map<string, ts.InterfaceDeclaration>();

function loadNested(): void {
  parse("types/input.d.ts").forEachChild((space) => {
    if (ts.isModuleDeclaration(space) && space.body && ts.isModuleBlock(space.body)) {
      for (const statement of space.body.statements) {
        if (ts.isInterfaceDeclaration(statement)) {
          nested.set(`${space.name.text}.${statement.name.text}`, statement);
        }
      }
    }
  });
}

/** The inputs and outputs of a resource type, by its token `aws:<module>/<file>:<Name>`. */
export function typingsOf(token: string): { inputs: TypedProperties; outputs: Set<string> } {
  if (nested.size === 0) {
    loadNested();
  }
  const [, file = "", name = ""] = token.split(":");
  let inputs: TypedProperties = {};
  const outputs = new Set<string>();
  parse(`${file}.d.ts`).forEachChild((node) => {
    if (ts.isInterfaceDeclaration(node) && node.name.text === `${name}Args`) {
      inputs = propertiesOf(node);
    }
    if (ts.isClassDeclaration(node) && node.name?.text === name) {
      node.members.filter(ts.isPropertyDeclaration).forEach((member) => {
        outputs.add(member.name.getText());
      });
    }
  });
  return { inputs, outputs };
}

function propertiesOf(declaration: ts.InterfaceDeclaration): TypedProperties {
  const entries = declaration.members.filter(ts.isPropertySignature).map((member) => {
    const text = member.type?.getText() ?? "";
    const typed = { required: member.questionToken === undefined, kind: kindOf(text) };
    const inner = nested.get(/inputs\.(\w+\.\w+)/.exec(text)?.[1] ?? "");
    const fields = inner && typed.kind !== "string" ? { fields: propertiesOf(inner) } : {};
    return [member.name.getText(), { ...typed, ...fields }] as const;
  });
  return Object.fromEntries(entries);
}

function kindOf(text: string): string {
  if (text.includes("[key: string]")) {
    return "map";
  }
  if (text.includes("[]")) {
    return "list";
  }
  if (text.includes("pulumi.asset")) {
    return "asset";
  }
  // A document or a resource may be given in place of its text or name.
  const plain = /\b(string|number|boolean)\b/.exec(text.replaceAll(/inputs\.\w+\.\w+/g, ""));
  return plain?.[1] ?? "object";
}
