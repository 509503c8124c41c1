import { agreement, deployment } from "./checks/deployment";
import { daily } from "./checks/daily";
import { reactions } from "./checks/reactions";
import type { Item } from "./context";
import { catalogQuestions } from "./questions/catalog";
import { crawlerQuestions } from "./questions/crawlers";
import { runQuestions } from "./questions/runs";

/** All checks and questions, in the order in which they are tried, on AWS and locally alike. */
export const items: Item[] = [
  ...deployment,
  ...daily,
  ...reactions,
  ...runQuestions,
  ...catalogQuestions,
  ...agreement,
  ...crawlerQuestions,
];
