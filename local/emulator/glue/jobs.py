"""Jobs: what Glue refuses, and job runs, each in a process of its own with the job's role."""

from __future__ import annotations

import threading
from typing import Any

from moto.core.utils import utcnow

from emulator.glue.errors import GlueError, entity_not_found, invalid_input
from emulator.glue.job_process import JobProcess, LaunchError
from emulator.glue.job_rules import check_job, with_defaults
from emulator.glue.monitoring.log_groups import job_log_prefix
from emulator.glue.region import Finished, Operation, Region, page, required
from emulator.glue.roles import RoleRefusedError, assume_for_glue
from emulator.glue.runs import JobRun, Origin, new_id
from emulator.glue.security import check_security_configuration
from emulator.moto_api import Payload

ATTRIBUTES = {
    "Description": "description",
    "LogUri": "log_uri",
    "Role": "role",
    "ExecutionProperty": "execution_property",
    "Command": "command",
    "DefaultArguments": "default_arguments",
    "NonOverridableArguments": "non_overridable_arguments",
    "Connections": "connections",
    "MaxRetries": "max_retries",
    "AllocatedCapacity": "allocated_capacity",
    "Timeout": "timeout",
    "MaxCapacity": "max_capacity",
    "WorkerType": "worker_type",
    "NumberOfWorkers": "number_of_workers",
    "SecurityConfiguration": "security_configuration",
    "NotificationProperty": "notification_property",
    "GlueVersion": "glue_version",
    "CodeGenConfigurationNodes": "code_gen_configuration_nodes",
    "ExecutionClass": "execution_class",
    "SourceControlDetails": "source_control_details",
}
RUN_SETTINGS = (
    "AllocatedCapacity",
    "ExecutionClass",
    "GlueVersion",
    "MaxCapacity",
    "NotificationProperty",
    "NumberOfWorkers",
    "SecurityConfiguration",
    "WorkerType",
)
EMPTY: dict[str, dict[str, str]] = {"default_arguments": {}, "execution_property": {}}


class Jobs:
    """Operations on jobs, and the processes that run. `finished` hears of each run's last end."""

    def __init__(self, region: Region) -> None:
        self._region = region
        self._call = region.records.call
        self._processes: dict[str, JobProcess] = {}
        self.finished: Finished = lambda run: None

    def operations(self) -> dict[str, Operation]:
        return {
            "CreateJob": self._create,
            "UpdateJob": self._update,
            "DeleteJob": self._delete,
            "StartJobRun": self._start,
            "BatchStopJobRun": self._batch_stop,
            "GetJobRun": self._get_run,
            "GetJobRuns": self._get_runs,
        }

    def start(self, name: str, origin: Origin, overrides: Payload) -> JobRun:
        """Run the job in a process. Raises GlueError if it is missing or at its limit of runs.

        `overrides`: Arguments, Timeout and the other fields of StartJobRun or a trigger's action.
        """
        job = self._job(name)
        limit = (job.get("ExecutionProperty") or {}).get("MaxConcurrentRuns", 1)
        if sum(run.active for run in self._runs(name)) >= limit:
            raise GlueError(
                "ConcurrentRunsExceededException", f"Concurrent runs exceeded for {name}"
            )
        run = new_run(job, origin, overrides)
        run.settings["LogGroupName"] = job_log_prefix(job, run, self._region)
        return self._launch(run, job)

    def fail(self, name: str, origin: Origin, error: str) -> None:
        """Record a run that couldn't be started, as Glue does for the actions of a trigger."""
        run = JobRun(name, origin, {}, 0, {})
        run.move("FAILED", error)
        self._runs(name).append(run)
        self._region.events.job_run_ended(run)

    def stop(self, run: JobRun) -> None:
        """End the run's process; its thread then records the run as stopped."""
        run.move("STOPPING")
        if run.id in self._processes:
            self._processes[run.id].kill()

    def end_all(self) -> None:
        """Kill every process, at the end of the emulator."""
        for process in list(self._processes.values()):
            process.kill()

    def _job(self, name: str) -> Payload:
        job: Payload = self._call("GetJob", {"JobName": name})["Job"]
        return job

    def _check(self, job: Payload) -> None:
        check_security_configuration(self._region, job.get("SecurityConfiguration"))
        check_job(job)

    def _check_known(self, name: str) -> None:
        self._region.records.ask(lambda backend: backend.get_job(name))

    def _runs(self, name: str) -> list[JobRun]:
        return self._region.runs.jobs.setdefault(name, [])

    def _launch(self, run: JobRun, job: Payload) -> JobRun:
        self._runs(run.job).append(run)
        threading.Thread(target=self._run, args=(run, job), daemon=True).start()
        return run

    def _run(self, run: JobRun, job: Payload) -> None:
        late = self._late_notice(run)
        state, error = self._execute(run, job)
        late.cancel()
        with self._region.lock:
            self._processes.pop(run.id, None)
            if not run.active:
                return
            run.move("STOPPED" if run.state == "STOPPING" else state, error)
            self._region.events.job_run_ended(run)
            if not self._retry(run, job):
                self.finished(run)
            self._region.save()

    def _late_notice(self, run: JobRun) -> threading.Timer:
        """An event after the run's delay for notices (minutes), if it has one and goes on then."""
        asked = run.settings.get("NotificationProperty") or {}
        minutes = asked.get("NotifyDelayAfter") or 0

        def tell() -> None:
            with self._region.lock:
                if run.active:
                    self._region.events.job_run_is_late(run, minutes)

        timer = threading.Timer(60 * minutes, tell)
        timer.daemon = True
        if "NotifyDelayAfter" in asked:
            timer.start()
        return timer

    def _execute(self, run: JobRun, job: Payload) -> tuple[str, str | None]:
        """Run the script to its end: the state that it ends in, and the error if there is one."""
        try:
            credentials = assume_for_glue(
                job["Role"],
                "GlueJobRunnerSession",
                self._region.arn("job", run.job),
                self._region.endpoint,
                self._region.name,
                43_200,
            )
            process = JobProcess(run, job, credentials, self._region)
            with self._region.lock:
                if run.state != "STARTING":
                    return "STOPPED", None
                process.start()
                self._processes[run.id] = process
                run.move("RUNNING")
                self._region.save()
            return process.wait()
        except RoleRefusedError as refused:
            return "FAILED", _refused(job, refused)
        except LaunchError as problem:
            return "FAILED", f"LAUNCH ERROR | {problem}"
        except Exception as problem:  # whatever it is, the run is recorded as failed by it
            return "FAILED", f"{type(problem).__name__}: {problem}"

    def _retry(self, run: JobRun, job: Payload) -> bool:
        """Start the next attempt of a failed run, if it has one; a timeout isn't retried."""
        if run.state != "FAILED" or run.attempt >= (job.get("MaxRetries") or 0):
            return False
        attempt = run.attempt + 1
        following = JobRun(
            run.job,
            run.origin,
            run.arguments,
            run.timeout,
            run.settings,
            id=f"{run.id.partition('_attempt_')[0]}_attempt_{attempt}",
            attempt=attempt,
            previous=run.id,
        )
        self._launch(following, job)
        return True

    def _create(self, payload: Payload) -> Payload:
        name = required(payload, "Name")
        if name in self._region.records.backend.jobs:
            raise GlueError("AlreadyExistsException", f"Job {name} already exists")
        self._check(payload)
        return self._call("CreateJob", with_defaults(payload))

    def _update(self, payload: Payload) -> Payload:
        """Replace the whole definition, as UpdateJob does; moto has no such operation."""
        name = required(payload, "JobName")
        self._check_known(name)
        update = payload.get("JobUpdate") or {}
        self._check(update)
        job = self._region.records.backend.jobs[name]
        definition = with_defaults(update)
        for field, attribute in ATTRIBUTES.items():
            setattr(job, attribute, definition.get(field, EMPTY.get(attribute)))
        job.last_modified_on = utcnow()
        return {"JobName": name}

    def _delete(self, payload: Payload) -> Payload:
        """Delete the job and what it ran. Runs in progress are ended: nothing runs for no job."""
        name = required(payload, "JobName")
        for run in self._region.runs.jobs.pop(name, []):
            if run.active:
                self.stop(run)
        answer = self._call("DeleteJob", payload)
        self._region.forget_tags("job", name)
        return answer

    def _start(self, payload: Payload) -> Payload:
        name = required(payload, "JobName")
        job = self._job(name)
        self._check_role(job)
        if payload.get("JobRunId"):
            return {"JobRunId": self._restart(name, payload).id}
        return {"JobRunId": self.start(name, Origin(), payload).id}

    def _restart(self, name: str, payload: Payload) -> JobRun:
        """StartJobRun with the id of an ended run: the same arguments again."""
        previous = self._find(name, payload["JobRunId"])
        run = self.start(name, Origin(), {"Arguments": previous.arguments, **payload})
        run.previous = previous.id
        return run

    def _check_role(self, job: Payload) -> None:
        try:
            assume_for_glue(
                job["Role"],
                "GlueJobRunnerSession",
                self._region.arn("job", job["Name"]),
                self._region.endpoint,
                self._region.name,
            )
        except RoleRefusedError as refused:
            raise invalid_input(_refused(job, refused)) from refused

    def _batch_stop(self, payload: Payload) -> Payload:
        name = required(payload, "JobName")
        self._check_known(name)
        stopped, errors = [], []
        for run_id in payload.get("JobRunIds") or []:
            try:
                run = self._find(name, run_id)
                if run.state not in ("STARTING", "RUNNING"):
                    raise GlueError(
                        "JobRunInvalidStateTransitionException",
                        f"Job Run Id {run_id} is in state {run.state}",
                    )
                self.stop(run)
                stopped.append({"JobName": name, "JobRunId": run_id})
            except GlueError as error:
                detail = {"ErrorCode": error.code, "ErrorMessage": error.message}
                errors.append({"JobName": name, "JobRunId": run_id, "ErrorDetail": detail})
        return {"SuccessfulSubmissions": stopped, "Errors": errors}

    def _get_run(self, payload: Payload) -> Payload:
        name = required(payload, "JobName")
        self._check_known(name)
        return {"JobRun": self._find(name, required(payload, "RunId")).as_dict()}

    def _get_runs(self, payload: Payload) -> Payload:
        name = required(payload, "JobName")
        self._check_known(name)
        newest_first = [run.as_dict() for run in reversed(self._runs(name))]
        return page(newest_first, payload, "JobRuns")

    def _find(self, name: str, run_id: str) -> JobRun:
        for run in self._runs(name):
            if run.id == run_id:
                return run
        raise entity_not_found(f"Job Run {run_id} not found.")


def _refused(job: Payload, refused: RoleRefusedError) -> str:
    role = job["Role"]
    return f"Role {role} should be given assume role permissions for Glue Service. ({refused})"


def new_run(job: Payload, origin: Origin, overrides: Payload) -> JobRun:
    """A run of the job as it is defined now, with the caller's or the trigger's overrides."""
    arguments: dict[str, str] = {
        **(job.get("DefaultArguments") or {}),
        **(overrides.get("Arguments") or {}),
        **(job.get("NonOverridableArguments") or {}),
    }
    wanted: dict[str, Any] = {**job, **{k: v for k, v in overrides.items() if v is not None}}
    settings = {name: wanted[name] for name in RUN_SETTINGS if wanted.get(name) is not None}
    return JobRun(job["Name"], origin, arguments, int(wanted["Timeout"]), settings, id=new_id("jr"))
