import { FaultyLake } from "./faultyLake";

/**
 * A deployment, and as many loads, crawls, runs and queries, of which one call in twenty fails.
 * @param more tests of other faults, on the same lake, once it is there.
 */
export function holdUnderFaults(
  firstSeed: number,
  seeds: number,
  more: (lake: () => FaultyLake) => void = () => undefined,
): void {
  describe("with faults between all clients and the emulator", function () {
    this.timeout(600_000);
    let lake: FaultyLake;

    before(async () => {
      lake = await FaultyLake.start();
      lake.stormy({ seed: firstSeed });
      await lake.deploy();
    });

    after(() => lake.stop());

    for (let seed = firstSeed; seed < firstSeed + seeds; seed += 1) {
      it(`load, run and query come through, and rows are exact: seed ${seed}`, async () => {
        lake.stormy({ seed });
        await lake.take(seed);
        await lake.holdsExactly();
        const also = anotherRun(seed);
        if (!also) return;
        lake.stormy({ seed });
        await lake.run(seed, also);
        await lake.holdsExactly();
      });

      if (seed % 20 !== 19) continue;
      it(`all is deleted and deployed again: seed ${seed}`, () => lake.renew(seed));
    }

    more(() => lake);
  });
}

function anotherRun(seed: number): { rebuild: true } | { compact: true } | undefined {
  if (seed % 10 === 3) return { rebuild: true };
  return seed % 10 === 7 ? { compact: true } : undefined;
}
