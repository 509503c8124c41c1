"""A Python program on the components: two crawled sources and their workflow, deployed.

Prints the changes that were made and the stack's outputs, as JSON.
"""

import argparse
import json

import pulumi
from pulumi import automation

BUCKET = "aws:s3/bucket:Bucket"


class Remote(pulumi.ComponentResource):
    """A component of the package, as a generated class would register it."""

    def __init__(self, kind: str, name: str, args: pulumi.Inputs, outputs: list[str]) -> None:
        props = {**args, **{key: args.get(key) for key in outputs}}
        super().__init__(f"glue-etl:index:{kind}", name, props, remote=True)


def crawled_source(platform: str, bucket: pulumi.Input[str], sample_size: int) -> Remote:
    """The source of a platform, whose crawler is named after it."""
    args = {
        "crawlerName": f"segmentlogs-{platform}",
        "databaseName": "segment_logs",
        "bucketName": bucket,
        "prefix": f"segment-logs/{platform}/",
        "sampleSize": sample_size,
        "tags": {"Platform": platform},
    }
    return Remote("CrawledSource", platform, args, ["tableName", "path"])


def program(sample_size: int) -> None:
    """Makes a bucket, its sources and the workflow; the names of crawlers are outputs."""
    bucket = pulumi.CustomResource(BUCKET, "raw", {"bucket": "raw-events", "arn": None})
    sources = [crawled_source(platform, bucket.id, sample_size) for platform in ("IOS", "Android")]
    workflow = Remote(
        "DailyWorkflow",
        "mobile-user",
        {
            "workflowName": "mobile-user",
            "schedule": "cron(0 14 * * ? *)",
            "steps": [[{"crawlerName": source.crawlerName}] for source in sources],
        },
        ["triggerNames"],
    )
    pulumi.export("path", sources[0].path)
    pulumi.export("tableName", sources[0].tableName)
    pulumi.export("triggerNames", workflow.triggerNames)


def main() -> None:
    """Deploys by the Automation API, with the environment's backend and providers."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("work_dir")
    parser.add_argument("--sample-size", type=int, default=5)
    options = parser.parse_args()
    stack = automation.create_or_select_stack(
        stack_name="python",
        project_name="python",
        program=lambda: program(options.sample_size),
        work_dir=options.work_dir,
    )
    stack.set_config("aws:region", automation.ConfigValue("us-east-1"))
    result = stack.up()
    outputs = {name: output.value for name, output in result.outputs.items()}
    print(json.dumps({"changes": result.summary.resource_changes, "outputs": outputs}))


if __name__ == "__main__":
    main()
