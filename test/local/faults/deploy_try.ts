import { FaultyPlatform } from "./faultyPlatform";
async function main() {
  const p = await FaultyPlatform.start();
  try {
    for (let seed = Number(process.argv[2]); seed < Number(process.argv[3]); seed++) {
      for (const command of ["deploy", "deploy", "destroy"]) {
        p.proxy.change({
          seed: seed * 3 + (command === "destroy" ? 1 : 0),
          share: 0.05,
          stallMs: 1500,
        });
        const { code, told } = await p.local(command);
        console.log(
          `== ${seed} ${command}: ${code}; ${p.proxy.calls} calls, faults: ${p.proxy.injected.length}`,
        );
        if (code !== 0) console.log(told.slice(-2500), "\nINJECTED\n", p.proxy.injected.join("\n"));
        if (code !== 0) {
          p.proxy.change();
          const again = await p.local(command);
          console.log(`== ${seed} ${command} again, clean: ${again.code}`);
          if (again.code !== 0) {
            console.log(again.told.slice(-2500));
            return;
          }
        }
      }
      p.proxy.change();
    }
  } finally {
    await p.stop();
  }
}
void main();
