"""Every operation of Glue and Athena is answered as its model says, or clearly refused."""

from __future__ import annotations

import json
from typing import Any

import botocore.session
import pytest
from botocore.awsrequest import AWSRequest
from botocore.httpsession import URLLib3Session

SESSION = botocore.session.get_session()
MODELS = {name: SESSION.get_service_model(name) for name in ("glue", "athena")}
TARGETS = {"glue": "AWSGlue", "athena": "AmazonAthena"}

UNSUPPORTED_WORDS = (
    *("Asset", "Attachment", "FormType", "Glossar", "IterableForms", "CustomEntityType"),
    *("Blueprint", "ColumnStatisticsTask", "DataQuality", "IdentityCenter", "Integration"),
    *("MLTransform", "MLTask", "MLEvaluation", "MLLabeling", "LabelsTask", "MaterializedView"),
    *("TableOptimizer", "UsageProfile", "SourceControl", "Unfiltered", "ConnectionType"),
    *("DataCatalogExport", "Entit", "SessionEndpoint", "DashboardUrl"),
)
"""Words of operations that nothing here carries out, and that are refused."""
UNSUPPORTED = {
    *("CreateCatalog", "DeleteCatalog", "GetCatalog", "GetCatalogs", "UpdateCatalog"),
    *("GetCatalogImportStatus", "ImportCatalogToGlue", "TestConnection"),
    *("CreateScript", "GetDataflowGraph", "GetMapping", "GetPlan"),
    *("CancelStatement", "GetJobBookmark", "ResetJobBookmark"),
    *("CheckSchemaVersionValidity", "DeleteSchemaVersions", "GetSchemaVersionsDiff"),
    *("QuerySchemaVersionMetadata", "RemoveSchemaVersionMetadata"),
}
WORDS_OF_ATHENA = (
    *("ApplicationDPU", "Calculation", "Capacity", "Dashboard", "Executors"),
    *("Notebook", "Session"),
)
UNSUPPORTED_OF_ATHENA = {
    *("BatchGetPreparedStatement", "DeleteDataCatalog", "ListEngineVersions"),
    "UpdateDataCatalog",
}
UNDECLARED = {"BatchStopJobRun", "DeleteSession", "StopSession"}
"""Answer EntityNotFoundException, which the service gives though its model leaves it out."""

# awswrangler: its source, `client_glue.…` and paginators.
OF_AWSWRANGLER = {
    *("GetTable", "GetTables", "CreateTable", "UpdateTable", "DeleteTable", "SearchTables"),
    *("GetDatabase", "GetDatabases", "CreateDatabase", "UpdateDatabase", "DeleteDatabase"),
    *("GetPartitions", "BatchCreatePartition", "BatchDeletePartition", "GetTableVersions"),
    *("DeleteColumnStatisticsForTable", "UpdateColumnStatisticsForTable"),
}
# terraform-provider-aws, internal/service/glue: the resources that can be deployed here.
OF_THE_PROVIDER = {
    *("CreateClassifier", "GetClassifier", "UpdateClassifier", "DeleteClassifier"),
    *("CreateConnection", "GetConnection", "UpdateConnection", "DeleteConnection"),
    *("CreateCrawler", "GetCrawler", "UpdateCrawler", "DeleteCrawler", "StopCrawler"),
    *("GetDataCatalogEncryptionSettings", "PutDataCatalogEncryptionSettings"),
    *("CreateDevEndpoint", "GetDevEndpoint", "UpdateDevEndpoint", "DeleteDevEndpoint"),
    *("CreateJob", "GetJob", "UpdateJob", "DeleteJob", "ListJobs"),
    *("BatchCreatePartition", "GetPartition", "UpdatePartition", "DeletePartition"),
    *("CreatePartitionIndex", "GetPartitionIndexes", "DeletePartitionIndex"),
    *("CreateRegistry", "GetRegistry", "UpdateRegistry", "DeleteRegistry"),
    *("PutResourcePolicy", "GetResourcePolicy", "DeleteResourcePolicy"),
    *("CreateSchema", "GetSchema", "UpdateSchema", "DeleteSchema"),
    *("RegisterSchemaVersion", "GetSchemaVersion"),
    *("CreateSecurityConfiguration", "GetSecurityConfiguration", "DeleteSecurityConfiguration"),
    *("CreateTrigger", "GetTrigger", "UpdateTrigger", "DeleteTrigger", "StartTrigger"),
    *("StopTrigger", "GetTags", "TagResource", "UntagResource", "GetTableVersion"),
    *("CreateUserDefinedFunction", "GetUserDefinedFunction", "UpdateUserDefinedFunction"),
    *("DeleteUserDefinedFunction", "CreateWorkflow", "GetWorkflow", "UpdateWorkflow"),
    *("DeleteWorkflow", "GetConnections", "GetSecurityConfigurations"),
}


def smallest(shape: Any, name: str = "") -> Any:
    """A value of the shape with what is required alone."""
    kind = shape.type_name
    if kind == "structure":
        return {each: smallest(shape.members[each], each) for each in shape.required_members}
    if kind == "list":
        return [smallest(shape.member, name)] * max(shape.metadata.get("min", 1), 1)
    if kind == "map":
        return {}
    if kind == "string":
        enum = getattr(shape, "enum", None)
        return enum[0] if enum else "x" * max(shape.metadata.get("min", 1), 1)
    if kind == "boolean":
        return True
    if kind == "timestamp":
        return 1_700_000_000
    return max(shape.metadata.get("min", 1), 1)


def ask(endpoint: str, service: str, operation: str, payload: Any) -> Any:
    """The answer to a request that no client has checked."""
    scope = f"test/20261125/us-east-1/{service}/aws4_request"
    headers = {
        "X-Amz-Target": f"{TARGETS[service]}.{operation}",
        "Content-Type": "application/x-amz-json-1.1",
        "Authorization": f"AWS4-HMAC-SHA256 Credential={scope}, SignedHeaders=host, Signature=0",
    }
    request = AWSRequest("POST", endpoint + "/", headers, json.dumps(payload).encode())
    return URLLib3Session().send(request.prepare())


def is_supported(service: str, operation: str) -> bool:
    named, words = UNSUPPORTED, UNSUPPORTED_WORDS
    if service == "athena":
        named, words = UNSUPPORTED_OF_ATHENA, WORDS_OF_ATHENA
    return operation not in named and not any(word in operation for word in words)


OPERATIONS = [(service, name) for service in MODELS for name in MODELS[service].operation_names]


@pytest.mark.parametrize(("service", "operation"), OPERATIONS)
def test_every_operation_answers(
    emulator: Any, check_answer: Any, service: str, operation: str
) -> None:
    model = MODELS[service].operation_model(operation)
    response = ask(emulator.endpoint, service, operation, smallest(model.input_shape))
    answer = json.loads(response.content)
    assert response.status_code in (200, 400), answer
    if is_supported(service, operation):
        assert answer.get("__type") != "UnknownOperationException", answer
        if not (operation in UNDECLARED and answer.get("__type") == "EntityNotFoundException"):
            check_answer(response, model)
    else:
        assert answer["__type"] == "UnknownOperationException"
        assert operation in answer["Message"]


def test_what_clients_call_is_supported() -> None:
    called = OF_AWSWRANGLER | OF_THE_PROVIDER
    assert called <= set(MODELS["glue"].operation_names)
    assert {operation for operation in called if not is_supported("glue", operation)} == set()


@pytest.mark.parametrize("service", MODELS)
def test_an_operation_that_the_service_has_not(emulator: Any, service: str) -> None:
    response = ask(emulator.endpoint, service, "MakeTea", {})
    assert response.status_code == 400
    assert json.loads(response.content)["__type"] == "UnknownOperationException"
