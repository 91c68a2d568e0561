using Registry.Api;
using Registry.Api.Access;
using Registry.Api.Assessments;
using Registry.Api.Audit;
using Registry.Api.Cases;
using Registry.Api.Codebook;
using Registry.Api.Cohorts;
using Registry.Api.Demonstration;
using Registry.Api.Fhir;
using Registry.Api.FollowUps;
using Registry.Api.Http;
using Registry.Api.Idempotency;
using Registry.Api.OpenApi;
using Registry.Api.Operations;
using Registry.Api.Patients;
using Registry.Api.Recording;
using Registry.Api.Sites;
using Registry.Api.Summaries;

return await Commands.Run(args, Build, Serve);

static WebApplicationBuilder Build(string[] arguments)
{
    var builder = WebApplication.CreateBuilder(arguments);
    builder.AddHttp();
    builder.AddMetrics();
    builder.Services.AddRegistryDatabase(builder.Configuration);
    builder.Services.AddRecording();
    builder.Services.AddAudit();
    builder.Services.AddSummaries();
    builder.Services.AddCohorts();
    builder.Services.AddAccess(builder.Configuration);
    builder.Services.AddContract();
    builder.Services.AddCodebook();
    return builder;
}

static async Task Serve(WebApplication app)
{
    await app.PrepareDatabase();
    await DemonstrationData.Prepare(app);
    await StartLine.Prepare(app);

    app.UseHttp();
    app.UseContract(isOpen: app.Configuration.GetValue("Registry:Swagger", app.Environment.IsDevelopment()));
    app.MapHealth();
    app.MapMetrics();

    var api = app.MapGroup("/api/v1")
        .RefuseUnknownParameters()
        .RefuseOtherForms()
        .TagAnswers()
        .NameSitesSpeltAlike()
        .KeepToOwnSite()
        .TakeIdempotencyKeys();
    var kinds = app.Services.GetRequiredService<RecordKinds>();
    var records = api.For(Policies.Records);
    records.MapSites(kinds.Site);
    records.MapChanges();
    records.MapCases(kinds.Case);
    records.MapAssessments(kinds.Assessment);
    records.MapRecordsOfCase(kinds);
    records.MapAudit();
    records.MapFollowUps();
    api.For(Policies.Summaries).MapSummaries();
    api.For(Policies.Admin).MapPatients();
    api.For(Policies.Cohorts).MapCohorts();
    api.For(Policies.AnyRole).MapCodebook();
    api.For(Policies.Admin).MapKeys();
    app.MapFhir();
    await app.ServeUntilStopped();
}

/// <summary>The entry point, named so that the tests can start the program.</summary>
public partial class Program;
