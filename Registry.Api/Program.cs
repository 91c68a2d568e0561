using Registry.Api;
using Registry.Api.Assessments;
using Registry.Api.Cases;
using Registry.Api.Codebooks;
using Registry.Api.Data;
using Registry.Api.Demonstration;
using Registry.Api.FollowUps;
using Registry.Api.Http;
using Registry.Api.OpenApi;
using Registry.Api.Operations;
using Registry.Api.Recording;
using Registry.Api.Sites;
using Registry.Api.Summaries;

var isSeeding = args is ["seed", ..];
var builder = WebApplication.CreateBuilder(isSeeding ? [] : args);
builder.AddHttp();
builder.Services.AddRegistryDatabase(builder.Configuration);
builder.Services.AddRecording();
builder.Services.AddSummaries();
builder.Services.AddApiKeys(builder.Configuration);
builder.Services.AddContract();
builder.Services.AddCodebook();

var app = builder.Build();
if (RegistrySettings.FaultsOf(app.Configuration) is { Count: > 0 } faults)
{
    await Console.Error.WriteLineAsync(string.Join(Environment.NewLine, faults));
    return 2;
}

if (isSeeding)
{
    return await SeedCommand.Run(app.Services, args[1..]);
}

await Installer.Install(app.Services.GetRequiredService<IDatabase>(), CancellationToken.None);
await app.Services.GetRequiredService<AnalysisRebuild>().Run(everything: false, null, CancellationToken.None);
await DemonstrationData.Prepare(app);
await StartLine.Prepare(app);

app.UseHttp();
app.UseContract(isOpen: app.Environment.IsDevelopment());
app.MapHealth();

var api = app.MapGroup("/api/v1").RefuseUnknownParameters().RefuseOtherForms().TagAnswers();
var resources = app.Services.GetRequiredService<Resources>();
api.MapSites(resources.Site);
api.MapChanges();
api.MapCases(resources.Case);
api.MapAssessments(resources.Assessment);
api.MapUnderCase(resources);
api.MapFollowUps();
api.MapSummaries();
api.MapCodebook();

await app.RunAsync();
return 0;

/// <summary>The entry point, named so that the tests can start the program.</summary>
public partial class Program;
