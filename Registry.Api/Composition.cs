using Microsoft.AspNetCore.Authentication;
using Registry.Api.Access;
using Registry.Api.Audit;
using Registry.Api.Cohorts;
using Registry.Api.Cohorts.Snapshots;
using Registry.Api.Data;
using Registry.Api.Http;
using Registry.Api.Idempotency;
using Registry.Api.Operations;
using Registry.Api.Patients;
using Registry.Api.Recording;
using Registry.Api.Sites;
using Registry.Api.Summaries;

namespace Registry.Api;

/// <summary>What the program is made of, part by part.</summary>
internal static class Composition
{
    /// <summary>The database that <c>Registry:Database</c> names, at <c>ConnectionStrings:Registry</c>.</summary>
    public static void AddRegistryDatabase(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddSingleton(TimeProvider.System);
        services.AddSingleton(provider => DatabaseFactory.Create(
            configuration, provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<ILoggerFactory>()));
        services.AddSingleton<Readiness>();
    }

    /// <summary>
    /// Brings the schema and the analysis tables up to date, or with <c>Registry:Schema=check</c> refuses to start on any that are not.
    /// </summary>
    public static async Task PrepareDatabase(this WebApplication app)
    {
        var (database, rebuild, trail) = (app.Services.GetRequiredService<IDatabase>(),
            app.Services.GetRequiredService<AnalysisRebuild>(),
            app.Services.GetRequiredService<TrailUpgrade>());
        if (app.Configuration["Registry:Schema"] == "check")
        {
            await Installer.Check(database, CancellationToken.None);
            await trail.Check(CancellationToken.None);
            await rebuild.Check(CancellationToken.None);
            return;
        }

        await Installer.Install(database, CancellationToken.None);
        await Commands.WithProgress("Chaining the audit trail", progress => trail.Run(progress, CancellationToken.None));
        await Commands.WithProgress(
            "Deriving the analysis tables", progress => rebuild.Run(everything: false, progress, CancellationToken.None));
    }

    public static void AddRecording(this IServiceCollection services)
    {
        services.AddSingleton<RecordKinds>();
        services.AddSingleton(provider => provider.GetRequiredService<RecordKinds>().Case);
        services.AddSingleton<SiteDirectory>();
        services.AddSingleton<PersonStore>();
        services.AddSingleton<AnalysisRebuild>();
        services.AddSingleton<Recorder>();
        services.AddSingleton<RecordServices>();
        services.ConfigureHttpJsonOptions(options => Json.Configure(options.SerializerOptions));
    }

    /// <summary>
    /// The audit trail: its chains, their anchors, and what chains a database of an older program; erasure; requests that are carried out
    /// once.
    /// </summary>
    public static void AddAudit(this IServiceCollection services)
    {
        services.AddSingleton<AuditLog>();
        services.AddSingleton<IdempotencyStore>();
        services.AddSingleton<Erasure>();
        services.AddSingleton<TrailUpgrade>();
        services.AddSingleton<TrailVerification>();
        services.AddSingleton<Anchors>();
        services.AddHostedService(provider => provider.GetRequiredService<Anchors>());
    }

    /// <summary>The cases of cohorts: their cut-off, and the names under which they are handed out.</summary>
    public static void AddCohorts(this IServiceCollection services)
    {
        services.AddSingleton<CohortCutOff>();
        services.AddSingleton<CohortData>();
        services.AddSingleton<SnapshotTaker>();
        services.AddSingleton<SnapshotLibrary>();
        services.AddSingleton<Pseudonyms>();
    }

    public static void AddSummaries(this IServiceCollection services)
    {
        services.AddSingleton<Disclosure>();
        services.AddSingleton<SummaryService>();
    }

    /// <summary>
    /// Who may use the program and how much of it: keys, tokens of an identity provider where one is named, policies and limits.
    /// </summary>
    public static void AddAccess(this IServiceCollection services, IConfiguration configuration)
    {
        // The core alone: nothing here needs the cookies, and the key ring on disk, of the full set.
        services.AddWebEncoders();
        services.AddAuthenticationCore(options => options.DefaultScheme = ApiKeyAuthentication.SchemeName);
        var authentication = new AuthenticationBuilder(services)
            .AddScheme<AuthenticationSchemeOptions, ApiKeyAuthentication>(ApiKeyAuthentication.SchemeName, static _ => { });
        if (IdentityProvider.IsNamed(configuration))
        {
            authentication.AddIdentityProvider();
        }

        services.AddSingleton<ConfiguredKeys>();
        services.AddSingleton<KeyDirectory>();
        services.AddSingleton<RefusedCredentials>();
        services.AddHostedService<LastUseWriter>();
        services.AddPolicies();
        services.AddLimits();
    }
}
