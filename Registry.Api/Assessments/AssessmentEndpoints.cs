using Registry.Api.Http;
using Registry.Api.OpenApi;
using Registry.Api.Recording;
using Registry.Domain.Assessments;

namespace Registry.Api.Assessments;

/// <summary>Assessments: recorded by timepoint, by date, or many at once.</summary>
internal static class AssessmentEndpoints
{
    public static void MapAssessments(this RouteGroupBuilder api, AssessmentKind kind)
    {
        api.MapRecord<Assessment>("/sites/{site}/cases/{case}/assessments/{timepoint}", kind, "an assessment", Examples.Assessment);
        api.MapPost(
                "/sites/{site}/cases/{case}/assessments",
                (HttpRequest request, RecordServices services, CancellationToken cancellation) =>
                    RecordEndpoints.Put(request, kind, services, cancellation, keyInContent: true))
            .WithName("postAssessment")
            .WithSummary("Record an assessment by its date")
            .WithDescription(
                "As PUT, with the timepoint in the body; left out, it is derived from assessedOn by the visit windows. Location says where it "
                    + "is recorded.")
            .Writes<Assessment>(Examples.AssessmentByDate)
            .Refuses(
                Problems.SiteNotFound, Problems.CaseNotFound, Problems.Conflict, Problems.Retracted, Problems.PreconditionFailed,
                Problems.PreconditionRequired);
        api.MapPost("/assessments/batch", Batch.PostAssessments)
            .WithName("postAssessmentBatch")
            .WithSummary("Record many assessments of many sites and cases")
            .WithDescription(
                "Each item is a PUT without preconditions: safe to repeat. mode 'each' records every item that can be recorded; mode 'all' records "
                + "all or none. With dryRun nothing is recorded. The items of the answer are in the order of the items sent. "
                + "The first 500 faults are listed; an item beyond them has the status, the code and the number of its faults. As "
                + "text/csv: a header row that names the members in any order, then a row an item, comma or semicolon.")
            .Takes<BatchBody>(Examples.Batch, orAs: new OtherBody(ScoreSheet.ContentType, Examples.Sheet))
            .Takes(Batch.Mode, Batch.DryRun)
            .TakesSentAt();
        api.MapPost("/batch", Batch.PostRecords)
            .WithName("postBatch")
            .WithSummary("Record many records of every kind under a case")
            .WithDescription(
                "As the batch of assessments, for events, assessments, adverse events, costs and stays together: each item states its "
                + "kind, where it belongs and, but for an assessment, its own key. "
                + "Items are recorded in their order, so that an item may stand on one before it. The cases are recorded first, each by "
                + "its own PUT.")
            .Takes<RecordBatchBody>(Examples.RecordBatch);
    }
}
