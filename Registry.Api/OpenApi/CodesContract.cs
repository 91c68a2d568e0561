using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.OpenApi;
using Registry.Api.Data;
using Registry.Api.Summaries;
using Registry.Domain.AdverseEvents;
using Registry.Domain.Analysis;
using Registry.Domain.Assessments;
using Registry.Domain.Cases;
using Registry.Domain.Costs;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace Registry.Api.OpenApi;

/// <summary>
/// Says in the schemas what each code means, from the docstrings of the enumerations, and from which view the figures of
/// a summary come.
/// </summary>
internal sealed class CodesContract : ISchemaFilter
{
    /// <summary>The member of a schema that holds the meaning of each of its codes, in their order.</summary>
    public const string Labels = "x-enum-descriptions";

    /// <summary>The member of a schema that names the view its figures come from.</summary>
    public const string FromView = "x-view";

    private static readonly HashSet<string> Views = [.. Scripts.Views("sqlite").Select(view => view.Name)];

    // Of every summary.
    private static readonly Dictionary<string, Type> Shared = new()
    {
        ["procedure"] = typeof(Procedure),
        ["timepoint"] = typeof(Timepoint),
        ["instrument"] = typeof(Instrument),
        ["set"] = typeof(AnalysisSet),
    };

    private static readonly Dictionary<(Type, string), Type> Own = new()
    {
        [(typeof(CostSummaryItem), "basis")] = typeof(CostBasis),
        [(typeof(CostSummaryItem), "per")] = typeof(CostPer),
        [(typeof(CategoryFigures), "category")] = typeof(CostCategory),
        [(typeof(AdverseEventItem), "category")] = typeof(AdverseEventCategory),
        [(typeof(SurvivalItem), "event")] = typeof(SurvivalEvent),
    };

    public void Apply(IOpenApiSchema schema, SchemaFilterContext context)
    {
        var type = Nullable.GetUnderlyingType(context.Type) ?? context.Type;
        if (schema is not OpenApiSchema known)
        {
            return;
        }

        if (type.IsEnum)
        {
            Describe(known, Documentation.Labels(type));
        }
        else if (type.Namespace == typeof(CostSummaryItem).Namespace)
        {
            if (ViewOf(type) is { } view)
            {
                Extend(known, FromView, JsonValue.Create(view));
            }

            foreach (var (name, property) in known.Properties ?? new Dictionary<string, IOpenApiSchema>())
            {
                if (property is OpenApiSchema text && (Own.GetValueOrDefault((type, name)) ?? Shared.GetValueOrDefault(name)) is { } codes)
                {
                    AddCodes(text, codes, isPooled: codes == typeof(Procedure) || codes == typeof(AdverseEventCategory));
                }
            }
        }
    }

    /// <summary>The view that the docstring of a type names first, or null.</summary>
    public static string? ViewOf(Type type) => Documentation.Of(type)?.Elements("c").Select(name => name.Value).FirstOrDefault(Views.Contains);

    /// <summary>Adds what each code of a schema means.</summary>
    public static void Describe(OpenApiSchema schema, IEnumerable<string> labels) => Extend(schema, Labels, new JsonArray([.. labels.Select(label => JsonValue.Create(label))]));

    /// <summary>Adds the name of a view.</summary>
    public static void Extend(IOpenApiExtensible owner, string name, JsonNode value)
    {
        owner.Extensions ??= new Dictionary<string, IOpenApiExtension>();
        owner.Extensions[name] = new JsonNodeExtension(value);
    }

    private static void AddCodes(OpenApiSchema schema, Type type, bool isPooled)
    {
        var codes = Enum.GetValues(type).Cast<object>().Select(value => JsonSerializer.SerializeToNode(value, type, Http.Json.Options)!);
        schema.Enum = isPooled ? [.. codes, JsonValue.Create("all")] : [.. codes];
        Describe(schema, isPooled ? [.. Documentation.Labels(type), "All of these together."] : Documentation.Labels(type));
    }
}
