// Loads the project's TypeScript files, unchecked (`npm test` checks them). What a file compiles to
// is kept in node_modules/.cache: loading the compiler alone takes longer than a whole command.
const { createHash } = require("node:crypto");
const fs = require("node:fs");
const Module = require("node:module");
const path = require("node:path");

const root = path.dirname(__dirname);
const cache = path.join(root, "node_modules", ".cache", "typescript");
const configFile = path.join(root, "tsconfig.json");
const { version } = require("typescript/package.json");
const made = `${version} ${fs.readFileSync(configFile, "utf8")}`;

function compile(source, file) {
  const ts = require("typescript");
  const { config } = ts.parseConfigFileTextToJson(configFile, fs.readFileSync(configFile, "utf8"));
  const { options } = ts.convertCompilerOptionsFromJson(config.compilerOptions, root);
  const compilerOptions = { ...options, noEmit: false, inlineSourceMap: true };
  return ts.transpileModule(source, { fileName: path.basename(file), compilerOptions }).outputText;
}

/**
 * The file's JavaScript: kept from an earlier time, by its text, its name (which the source map has)
 * and the compiler. Copies of the project share it.
 */
function compiled(file) {
  const source = fs.readFileSync(file, "utf8");
  const key = createHash("sha256")
    .update(`${made}\0${path.basename(file)}\0${source}`)
    .digest("hex");
  const kept = path.join(cache, `${key}.js`);
  try {
    return fs.readFileSync(kept, "utf8");
  } catch {
    const output = compile(source, file);
    keep(kept, output);
    return output;
  }
}

/** In one step, since several processes may do the same; without a folder to write to, not at all. */
function keep(file, text) {
  try {
    fs.mkdirSync(cache, { recursive: true });
    fs.writeFileSync(`${file}.${process.pid}`, text);
    fs.renameSync(`${file}.${process.pid}`, file);
  } catch {
    return;
  }
}

process.setSourceMapsEnabled(true);
Module._extensions[".ts"] = (module, file) => module._compile(compiled(file), file);
