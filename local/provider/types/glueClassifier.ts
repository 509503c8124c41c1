import { CsvHeaderOption, CsvSerdeOption } from "@aws-sdk/client-glue";
import { fromApi, toApi } from "../api";
import { autonamed } from "../autoname";
import { found } from "../aws";
import {
  boolean,
  defaulted,
  type Inputs,
  list,
  named,
  object,
  oneOf,
  required,
  string,
} from "../fields";
import { defineResource, type Failure, regional } from "../resource";
import { lengthBetween } from "../validators";

const datatypes = [
  "BINARY",
  "BOOLEAN",
  "DATE",
  "DECIMAL",
  "DOUBLE",
  "FLOAT",
  "INT",
  "LONG",
  "SHORT",
  "STRING",
  "TIMESTAMP",
] as const;

const csv = {
  allowSingleColumn: boolean(),
  containsHeader: oneOf(Object.values(CsvHeaderOption)),
  customDatatypeConfigured: boolean(),
  customDatatypes: list(oneOf(datatypes)),
  delimiter: string(),
  disableValueTrimming: defaulted(boolean(), true),
  headers: list(string()),
  quoteSymbol: string(),
  serde: oneOf(Object.values(CsvSerdeOption), { computed: true }),
};
const grok = {
  classification: required(string()),
  customPatterns: string({ check: lengthBetween(0, 16_000) }),
  grokPattern: required(string({ check: lengthBetween(1, 2048) })),
};
const json = { jsonPath: required(string()) };

const inputs = {
  ...regional,
  name: named(string({ forceNew: true, check: lengthBetween(1, 255) })),
  csvClassifier: object(csv),
  grokClassifier: object(grok),
  jsonClassifier: object(json),
};
const kinds = ["csvClassifier", "grokClassifier", "jsonClassifier"] as const;

/** CreateClassifier and UpdateClassifier take the same. */
function settings(target: Inputs<typeof inputs>) {
  const { name: Name, csvClassifier, grokClassifier, jsonClassifier } = target;
  return {
    CsvClassifier: csvClassifier && {
      ...toApi(csv, csvClassifier),
      // UpdateClassifier keeps what it isn't given.
      Header: csvClassifier.headers ?? [],
      Name,
    },
    GrokClassifier: grokClassifier && { ...toApi(grok, grokClassifier), Name },
    JsonClassifier: jsonClassifier && { ...toApi(json, jsonClassifier), Name },
  };
}

export const classifier = defineResource({
  token: "aws:glue/classifier:Classifier",
  inputs,
  unsupported: ["xmlClassifier"],
  autoname: autonamed(),
  kinds,
  check(_, isSet): Failure[] {
    const [first, ...others] = kinds.filter(isSet);
    return first === undefined
      ? [{ property: "csvClassifier", reason: `one of ${kinds.join(", ")} is required` }]
      : others.map((property) => ({ property, reason: `conflicts with ${first}` }));
  },
  idOf: ({ name }) => name,
  async create(aws, target, created) {
    await aws.glue.createClassifier(settings(target));
    created(target.name);
  },
  async read(aws, id) {
    const actual = (await found(aws.glue.getClassifier({ Name: id })))?.Classifier;
    if (actual === undefined) {
      return undefined;
    }
    const { CsvClassifier: csvClassifier, GrokClassifier, JsonClassifier } = actual;
    return {
      name: id,
      csvClassifier: csvClassifier && {
        ...fromApi(csv, csvClassifier),
        headers: csvClassifier.Header,
      },
      grokClassifier: GrokClassifier && fromApi(grok, GrokClassifier),
      jsonClassifier: JsonClassifier && fromApi(json, JsonClassifier),
    };
  },
  async update(aws, _, target) {
    await aws.glue.updateClassifier(settings(target));
  },
  async delete(aws, id) {
    await found(aws.glue.deleteClassifier({ Name: id }));
  },
});
