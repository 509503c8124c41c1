import { execFileSync } from "node:child_process";
import { randomUUID } from "node:crypto";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { cacheDir } from "../../../local/setup/cache";
import { Project } from "../../e2e/project";
import { RecordingProxy } from "./recordingProxy";

const keyId = "AKIASPIEDSPIEDSPIED1";
const secrets = [keyId, "spied-secret-key", "spied-session-token"];

/** A project of a user who has AWS accounts, in every form, behind a proxy that sees what leaves. */
export class SpiedProject extends Project {
  readonly proxy = new RecordingProxy();
  /** In the environment of every process that a command starts. */
  readonly mark = `GLUE_ETL_SPY=${randomUUID()}`;
  private readonly home = fs.mkdtempSync(path.join(os.tmpdir(), "glue-etl-home-"));
  private readonly asked = path.join(this.home, "asked-for-credentials");

  async begin(): Promise<void> {
    const proxy = await this.proxy.start();
    const [id, key, token] = secrets;
    const helper = `sh -c 'echo asked >> ${this.asked}; echo "{\\"Version\\": 1, \\"AccessKeyId\\": \\"${id}\\", \\"SecretAccessKey\\": \\"${key}\\"}"'`;
    const profile = `region = eu-west-1\ncredential_process = ${helper}\n`;
    fs.mkdirSync(path.join(this.home, ".aws"));
    fs.writeFileSync(
      path.join(this.home, ".aws", "config"),
      `[default]\n${profile}[profile spied]\n${profile}endpoint_url = ${proxy}\n`,
    );
    this.variables = {
      HOME: this.home,
      XDG_CACHE_HOME: path.dirname(cacheDir),
      AWS_ACCESS_KEY_ID: id,
      AWS_SECRET_ACCESS_KEY: key,
      AWS_SESSION_TOKEN: token,
      AWS_PROFILE: "spied",
      AWS_CONFIG_FILE: path.join(this.home, ".aws", "config"),
      AWS_SHARED_CREDENTIALS_FILE: path.join(this.home, ".aws", "credentials"),
      AWS_REGION: "eu-west-1",
      AWS_CA_BUNDLE: path.join(this.home, "no-such-bundle.pem"),
      AWS_ENDPOINT_URL: proxy,
      ...Object.fromEntries(
        ["http_proxy", "https_proxy", "all_proxy", "grpc_proxy"].flatMap((name) => [
          [name, proxy],
          [name.toUpperCase(), proxy],
        ]),
      ),
      NO_PROXY: "",
      no_proxy: "",
      NODE_USE_ENV_PROXY: "1",
      GLUE_ETL_SPY: this.mark.split("=")[1],
    };
  }

  /** Whether a credential helper of the user's was run. */
  get isAskedForCredentials(): boolean {
    return fs.existsSync(this.asked);
  }

  /** Forgets what was seen by now. */
  forget(): void {
    this.proxy.asked.length = 0;
    fs.rmSync(this.asked, { force: true });
  }

  /** Files below the project's `.local/` with a secret in them. */
  filesWithSecrets(): string[] {
    const patterns = secrets.flatMap((secret) => ["-e", secret]);
    try {
      return execFileSync("grep", ["-rlaF", ...patterns, path.join(this.folder, ".local")])
        .toString()
        .trim()
        .split("\n");
    } catch {
      return []; // grep found none.
    }
  }

  hasSecret(text: string): boolean {
    return secrets.some((secret) => text.includes(secret));
  }

  override async remove(): Promise<void> {
    await super.remove();
    this.proxy.stop();
    fs.rmSync(this.home, { recursive: true, force: true });
  }
}
