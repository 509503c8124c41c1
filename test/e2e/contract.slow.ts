import { holdContract } from "./contract";

holdContract({
  format: "csv",
  table: "mobile_user_typed",
  runs: ["2026-01-01:2026-03-09", "2026-03-10:2026-11-02"],
});
