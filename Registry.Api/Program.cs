using Registry.Api;
using Registry.Api.AdverseEvents;
using Registry.Api.Assessments;
using Registry.Api.Cases;
using Registry.Api.Codebook;
using Registry.Api.Cohorts;
using Registry.Api.Costs;
using Registry.Api.Demonstration;
using Registry.Api.Events;
using Registry.Api.FollowUps;
using Registry.Api.Http;
using Registry.Api.OpenApi;
using Registry.Api.Operations;
using Registry.Api.Recording;
using Registry.Api.Sites;
using Registry.Api.Stays;
using Registry.Api.Summaries;

return await Commands.Run(args, Build, Serve);

static WebApplication Build(string[] arguments)
{
    var builder = WebApplication.CreateBuilder(arguments);
    builder.AddHttp();
    builder.Services.AddRegistryDatabase(builder.Configuration);
    builder.Services.AddRecording();
    builder.Services.AddSummaries();
    builder.Services.AddCohorts();
    builder.Services.AddApiKeys(builder.Configuration);
    builder.Services.AddContract();
    builder.Services.AddCodebook();
    return builder.Build();
}

static async Task Serve(WebApplication app)
{
    await app.PrepareDatabase();
    await DemonstrationData.Prepare(app);
    await StartLine.Prepare(app);

    app.UseHttp();
    app.UseContract(isOpen: app.Environment.IsDevelopment());
    app.MapHealth();

    var api = app.MapGroup("/api/v1").RefuseUnknownParameters().RefuseOtherForms().TagAnswers();
    var kinds = app.Services.GetRequiredService<RecordKinds>();
    api.MapSites(kinds.Site);
    api.MapChanges();
    api.MapCases(kinds.Case);
    api.MapAssessments(kinds.Assessment);
    api.MapEvents(kinds.Event);
    api.MapAdverseEvents(kinds.AdverseEvent);
    api.MapCosts(kinds.Cost);
    api.MapStays(kinds.Stay);
    api.MapFollowUps();
    api.MapSummaries();
    api.MapCohorts();
    api.MapCodebook();
    await app.RunAsync();
}

/// <summary>The entry point, named so that the tests can start the program.</summary>
public partial class Program;
