import assert from "node:assert/strict";
import { environmentWithoutAws } from "../../local/bootstrap.mjs";

describe("the environment of local commands", () => {
  const user = {
    PATH: "/bin",
    HTTPS_PROXY: "http://proxy:3128",
    AWS_ACCESS_KEY_ID: "AKIA",
    AWS_PROFILE: "work",
    AWS_ENDPOINT_URL_S3: "https://s3.example",
    WR_WORKGROUP: "work",
  };

  it("has nothing of the user's AWS account", () => {
    const environment = environmentWithoutAws(user);
    for (const name of [
      "AWS_ACCESS_KEY_ID",
      "AWS_PROFILE",
      "AWS_ENDPOINT_URL_S3",
      "WR_WORKGROUP",
    ]) {
      assert.ok(!(name in environment), name);
    }
    assert.equal(environment["AWS_CONFIG_FILE"], "/dev/null");
    assert.equal(environment["PATH"], "/bin");
  });

  it("keeps the proxy, for what is installed, and goes past it to this machine", () => {
    const environment = environmentWithoutAws({ ...user, NO_PROXY: "intranet.example" });
    assert.equal(environment["HTTPS_PROXY"], "http://proxy:3128");
    assert.equal(environment["NO_PROXY"], "127.0.0.1,localhost,intranet.example");
    assert.equal(environment["no_proxy"], environment["NO_PROXY"]);
    assert.equal(environmentWithoutAws(user)["NO_PROXY"], "127.0.0.1,localhost");
  });
});
