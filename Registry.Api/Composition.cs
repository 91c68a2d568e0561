using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Registry.Api.Data;
using Registry.Api.Http;
using Registry.Api.Keys;
using Registry.Api.OpenApi;
using Registry.Api.Operations;
using Registry.Api.Recording;
using Registry.Api.Sites;
using Registry.Api.Summaries;
using Registry.Domain.AdverseEvents;
using Registry.Domain.Cases;
using Registry.Domain.Costs;

namespace Registry.Api;

/// <summary>What the program is made of, part by part.</summary>
internal static class Composition
{
    /// <summary>The database that <c>Registry:Database</c> names, at <c>ConnectionStrings:Registry</c>.</summary>
    public static void AddRegistryDatabase(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddSingleton(TimeProvider.System);
        services.AddSingleton(provider => DatabaseFactory.Create(configuration, provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<ILoggerFactory>()));
        services.AddSingleton<Readiness>();
    }

    /// <summary>
    /// Brings the schema and the analysis tables up to date, or with <c>Registry:Schema=check</c> refuses to start on any that are not.
    /// </summary>
    public static async Task PrepareDatabase(this WebApplication app)
    {
        var (database, rebuild) = (app.Services.GetRequiredService<IDatabase>(), app.Services.GetRequiredService<AnalysisRebuild>());
        if (app.Configuration["Registry:Schema"] == "check")
        {
            await Installer.Check(database, CancellationToken.None);
            await rebuild.Check(CancellationToken.None);
            return;
        }

        await Installer.Install(database, CancellationToken.None);
        await Commands.WithProgress("Deriving the analysis tables", progress => rebuild.Run(everything: false, progress, CancellationToken.None));
    }

    public static void AddRecording(this IServiceCollection services)
    {
        services.AddSingleton<Resources>();
        services.AddSingleton(provider => provider.GetRequiredService<Resources>().Case);
        services.AddSingleton<SiteDirectory>();
        services.AddSingleton<PersonStore>();
        services.AddSingleton<AnalysisRebuild>();
        services.AddSingleton<Recorder>();
        services.AddSingleton<RecordServices>();
        services.ConfigureHttpJsonOptions(options => Json.Configure(options.SerializerOptions));
    }

    public static void AddSummaries(this IServiceCollection services) => services.AddSingleton<SummaryService>();

    /// <summary>The administrator's key, from <c>Registry:AdminKey</c> or <c>Registry:AdminKeyFile</c>. Without one, nothing but health is answered.</summary>
    public static void AddApiKeys(this IServiceCollection services, IConfiguration configuration)
    {
        // The core alone: nothing here needs the cookies, and the key ring on disk, of the full set.
        services.AddWebEncoders();
        services.AddAuthenticationCore(options => options.DefaultScheme = ApiKeyAuthentication.SchemeName);
        new AuthenticationBuilder(services)
            .AddScheme<ApiKeyOptions, ApiKeyAuthentication>(
                ApiKeyAuthentication.SchemeName,
                options => options.AdminKeyHash = RegistrySettings.AdminKey(configuration) is { } key ? ApiKeyOptions.Hash(key) : null);

        // Holds for every address, be there anything at it or not, unless it says otherwise.
        services.AddAuthorizationBuilder().SetFallbackPolicy(new AuthorizationPolicyBuilder().RequireAuthenticatedUser().Build());
    }

    /// <summary>The kinds of record that lie under a case and have no operations of their own.</summary>
    public static void MapUnderCase(this RouteGroupBuilder api, Resources resources)
    {
        const string Case = "/sites/{site}/cases/{case}";
        api.MapRecord<TreatmentEvent>(Case + "/events/{event}", resources.Event, "a treatment event", Examples.Event);
        api.MapRecord<AdverseEvent>(Case + "/adverse-events/{adverseEvent}", resources.AdverseEvent, "an adverse event", Examples.AdverseEvent);
        api.MapRecord<CostItem>(Case + "/costs/{cost}", resources.Cost, "a cost", Examples.Cost);
        api.MapRecord<HospitalStay>(Case + "/stays/{stay}", resources.Stay, "a stay in hospital", Examples.Stay);
    }
}
