/** Fields of every event that are no objects (Segment docs, "Spec: Common Fields"), as Athena names them. */
export const segmentColumns = [
  "anonymousid",
  "channel",
  "event",
  "groupid",
  "messageid",
  "name",
  "originaltimestamp",
  "previousid",
  "receivedat",
  "sentat",
  "timestamp",
  "type",
  "userid",
].map((name) => ({ name, type: "string" }));
