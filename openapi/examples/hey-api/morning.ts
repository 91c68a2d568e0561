// A hospital's morning with the client that @hey-api/openapi-ts generates.
import { client } from "./client/client.gen.js";
import { getCase, getScores, putAssessment, putCase, putEvent, putSite, type Timepoint, type TreatmentEvent } from "./client/index.js";

declare const process: { argv: string[] };
const [baseUrl, key] = process.argv.slice(2);
client.setConfig({ baseUrl: baseUrl!, auth: key! });
const site = "morning-hey-api";
const code = `M-${Date.now()}`;
const ofCase = { site, case: code };

function expect(holds: boolean, what: string): void {
  if (!holds) throw new Error(`Not so: ${what}`);
}

await putSite({ throwOnError: true, path: { site }, body: { name: "Morning Hospital", country: "DE", timeZone: "Europe/Berlin" } });
await putCase({
  throwOnError: true,
  path: ofCase,
  body: { patient: { reference: code, sex: "female", birthYear: 1958 }, procedure: "scs", indication: "crps" },
});
const events: Record<string, TreatmentEvent> = {
  trial: { type: "trial-started", occurredOn: "2024-02-05", lead: "percutaneous" },
  "trial-end": { type: "trial-ended", occurredOn: "2024-02-14", outcome: "succeeded" },
  implant: { type: "implanted", occurredOn: "2024-03-04" },
};
for (const [event, body] of Object.entries(events)) {
  await putEvent({ throwOnError: true, path: { ...ofCase, event }, body });
}
const score = (timepoint: Timepoint, assessedOn: string, nrs: number, headers?: { "If-Match": string; "X-Change-Reason": string }) =>
  putAssessment({ path: { ...ofCase, timepoint }, headers, body: { assessedOn, nrs } });
expect((await score("baseline", "2024-02-01", 8)).error === undefined, "the baseline is recorded");
expect((await score("12m", "2025-03-04", 3)).error === undefined, "the follow-up is recorded");

// What was not stated was not sent, and is not read as a value.
const { data: read } = await getCase({ throwOnError: true, path: ofCase });
expect(read.painSide === undefined && read.painDurationMonths === undefined, "what was left out is not there");

// A correction names the version that was read, and says why.
const etag = read.assessments.find((assessment) => assessment.timepoint === "12m")!.etag!;
expect((await score("12m", "2025-03-04", 2, { "If-Match": etag, "X-Change-Reason": "Transcription error" })).error === undefined, "the correction is recorded");
const { error } = await score("12m", "2025-03-04", 9);
expect(error?.code === "conflict" && "current" in error, "a conflict says what is recorded");

const { data: scores } = await getScores({ throwOnError: true, query: { site: [site], timepoint: ["12m"], instrument: ["nrs"], set: ["treated"] } });
expect(scores.items.some((item) => item.min === 2), "the summary includes the correction");
console.log("hey-api: a morning's work is recorded and read back");
