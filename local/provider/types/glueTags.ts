import type { Aws } from "../aws";
import { tagChanges, type Tags } from "../tags";

export async function glueTags(aws: Aws, arn: string): Promise<Tags> {
  return (await aws.glue.getTags({ ResourceArn: arn })).Tags ?? {};
}

export async function setGlueTags(aws: Aws, arn: string, wanted: Tags | undefined): Promise<void> {
  const { set, remove } = tagChanges(await glueTags(aws, arn), wanted);
  if (remove.length > 0) {
    await aws.glue.untagResource({ ResourceArn: arn, TagsToRemove: remove });
  }
  if (Object.keys(set).length > 0) {
    await aws.glue.tagResource({ ResourceArn: arn, TagsToAdd: set });
  }
}
