import { ever, holdContract } from "./contract";

holdContract({ format: "parquet", table: "mobile_user", runs: [ever] });
