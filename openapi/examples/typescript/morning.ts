// A hospital's morning with the types that openapi-typescript generates and openapi-fetch.
import createClient from "openapi-fetch";
import type { components, paths } from "./registry.js";

declare const process: { argv: string[] };
const [baseUrl, key] = process.argv.slice(2);
const registry = createClient<paths, "application/json" | "application/problem+json">({ baseUrl: baseUrl!, headers: { "X-Api-Key": key! } });
const site = "morning-typescript";
const code = `M-${Date.now()}`;
const ofCase = { site, case: code };

function expect(holds: boolean, what: string): void {
  if (!holds) throw new Error(`Not so: ${what}`);
}

async function ok<T>(answer: Promise<{ data?: T; error?: unknown }>): Promise<T> {
  const { data, error } = await answer;
  if (error !== undefined) throw new Error(JSON.stringify(error));
  return data as T;
}

await ok(registry.PUT("/api/v1/sites/{site}", { params: { path: { site } }, body: { name: "Morning Hospital", country: "DE", timeZone: "Europe/Berlin" } }));
await ok(registry.PUT("/api/v1/sites/{site}/cases/{case}", {
  params: { path: ofCase },
  body: { patient: { reference: code, sex: "female", birthYear: 1958 }, procedure: "scs", indication: "crps" },
}));
const events: Record<string, components["schemas"]["TreatmentEvent"]> = {
  trial: { type: "trial-started", occurredOn: "2024-02-05", lead: "percutaneous" },
  "trial-end": { type: "trial-ended", occurredOn: "2024-02-14", outcome: "succeeded" },
  implant: { type: "implanted", occurredOn: "2024-03-04" },
};
for (const [event, body] of Object.entries(events)) {
  await ok(registry.PUT("/api/v1/sites/{site}/cases/{case}/events/{event}", { params: { path: { ...ofCase, event } }, body }));
}
const score = (timepoint: components["schemas"]["Timepoint"], assessedOn: string, nrs: number, header?: { "If-Match": string; "X-Change-Reason": string }) =>
  registry.PUT("/api/v1/sites/{site}/cases/{case}/assessments/{timepoint}", { params: { path: { ...ofCase, timepoint }, header }, body: { assessedOn, nrs } });
await ok(score("baseline", "2024-02-01", 8));
await ok(score("12m", "2025-03-04", 3));

// What was not stated was not sent, and is not read as a value.
const read = await ok(registry.GET("/api/v1/sites/{site}/cases/{case}", { params: { path: ofCase } }));
expect(read.painSide === undefined && read.painDurationMonths === undefined, "what was left out is not there");

// A correction names the version that was read, and says why.
const etag = read.assessments.find((assessment) => assessment.timepoint === "12m")!.etag;
await ok(score("12m", "2025-03-04", 2, { "If-Match": etag, "X-Change-Reason": "Transcription error" }));
const { error } = await score("12m", "2025-03-04", 9);
expect(error?.code === "conflict" && error.current != null, "a conflict says what is recorded");

const scores = await ok(registry.GET("/api/v1/summaries/scores", { params: { query: { site: [site], timepoint: ["12m"], instrument: ["nrs"], set: ["treated"] } } }));
expect(scores.items.some((item) => item.min === 2), "the summary includes the correction");
console.log("typescript: a morning's work is recorded and read back");
