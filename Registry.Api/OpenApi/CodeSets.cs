using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.OpenApi;
using Registry.Domain.AdverseEvents;
using Registry.Domain.Analysis;
using Registry.Domain.Assessments;
using Registry.Domain.Cases;
using Registry.Domain.Common;

namespace Registry.Api.OpenApi;

/// <summary>One value of a closed set.</summary>
/// <param name="Code">The code, as it travels.</param>
/// <param name="Name">Its name in a program.</param>
/// <param name="Label">What it means.</param>
internal sealed record CodeMeaning(string Code, string Name, string Label);

/// <summary>A closed set of codes: one schema of the contract, which every member and parameter that takes these codes refers to.</summary>
/// <param name="Name">The name of the schema.</param>
/// <param name="Meaning">What the codes say, in a sentence.</param>
/// <param name="Codes">The codes, in order.</param>
internal sealed record CodeSet(string Name, string Meaning, IReadOnlyList<CodeMeaning> Codes)
{
    /// <summary>The code of a group that pools all others.</summary>
    public const string Pooled = "all";

    /// <summary>The member of a schema that holds the meaning of each of its codes, in their order.</summary>
    public const string Labels = "x-enum-descriptions";

    /// <summary>The set of an enumeration.</summary>
    public static CodeSet Of<T>(string? name = null, string? meaning = null)
        where T : struct, Enum => new(
            name ?? typeof(T).Name,
            meaning ?? Documentation.Of(typeof(T))?.Value.Trim() ?? string.Empty,
            [.. Code.All<T>()
                .Zip(Enum.GetNames<T>(), Documentation.Labels(typeof(T)))
                .Select(one => new CodeMeaning(one.First, one.Second, one.Third))]);

    /// <summary>A set of codes with what each means.</summary>
    public static CodeSet Labelled(string name, string meaning, params IEnumerable<(string Code, string Label)> codes) =>
        new(name, meaning, [.. codes.Select(one => new CodeMeaning(one.Code, Pascal(one.Code), one.Label))]);

    /// <summary>A set of which nothing but the codes is known.</summary>
    public static CodeSet Plain(string name, string meaning, IEnumerable<string> codes) => new(
        name,
        meaning,
        [.. codes.Select(code => new CodeMeaning(code, code.StartsWith('-') ? Pascal(code) + "Descending" : Pascal(code), string.Empty))]);

    /// <summary>The same set, and 'all' for all of its codes together.</summary>
    public CodeSet WithAll() => this with { Codes = [.. Codes, new CodeMeaning(Pooled, "All", "All of these together.")] };

    /// <summary>The set without some of its codes.</summary>
    public CodeSet Only(IEnumerable<string> codes) => this with { Codes = [.. Codes.Where(one => codes.Contains(one.Code))] };

    /// <summary>The schema of the set.</summary>
    public OpenApiSchema Schema()
    {
        var schema = new OpenApiSchema
        {
            Type = JsonSchemaType.String,
            Description = Meaning,
            Enum = [.. Codes.Select(one => JsonValue.Create(one.Code))],
        };
        Describe(schema, Codes);
        return schema;
    }

    /// <summary>Adds to a schema what each of its codes means, and under which name a generated client knows it.</summary>
    public static void Describe(OpenApiSchema schema, IReadOnlyList<CodeMeaning> codes)
    {
        Extend(schema, "x-enumNames", new JsonArray([.. codes.Select(one => JsonValue.Create(one.Name))]));
        Extend(schema, "x-ms-enum", new JsonObject
        {
            ["values"] = new JsonArray(
                [.. codes.Zip(schema.Enum!, (one, value) => new JsonObject { ["value"] = value!.DeepClone(), ["name"] = one.Name })]),
        });
        if (codes.All(one => one.Label.Length > 0))
        {
            Extend(schema, Labels, new JsonArray([.. codes.Select(one => JsonValue.Create(one.Label))]));
        }
    }

    /// <summary>Adds a member of our own.</summary>
    public static void Extend(IOpenApiExtensible owner, string name, JsonNode value)
    {
        owner.Extensions ??= new Dictionary<string, IOpenApiExtension>();
        owner.Extensions[name] = new JsonNodeExtension(value);
    }

    /// <summary>A name in kebab case as a program spells it.</summary>
    public static string Pascal(string text) => string.Concat(
        text.Split('-', '.', '/', '_', ':').Where(part => part.Length > 0).Select(part => char.ToUpperInvariant(part[0]) + part[1..]));

    /// <summary>A name in kebab case as a member of a body is spelled.</summary>
    public static string Camel(string text) => JsonNamingPolicy.CamelCase.ConvertName(Pascal(text));
}

/// <summary>A text that is a code of one of <see cref="CodeSets"/>.</summary>
/// <param name="set">The name of the set.</param>
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Parameter)]
internal sealed class CodesInAttribute(string set) : Attribute
{
    /// <summary>The set.</summary>
    public CodeSet Set => CodeSets.Named(set);
}

/// <summary>The sets of codes that are no enumeration of their own.</summary>
internal static class CodeSets
{
    /// <summary>The procedures, and 'all'.</summary>
    public static readonly CodeSet ProcedureGroup =
        CodeSet.Of<Procedure>("ProcedureGroup", "The procedure that a row is about, or all that were asked for together.").WithAll();

    /// <summary>The categories of adverse events, and 'all'.</summary>
    public static readonly CodeSet AdverseEventGroup =
        CodeSet.Of<AdverseEventCategory>("AdverseEventGroup", "The cause of adverse events, or all of them together.").WithAll();

    /// <summary>The timepoints that have a window.</summary>
    public static readonly CodeSet FollowUp =
        CodeSet.Of<Timepoint>("FollowUp", "A timepoint after time zero.").Only(VisitWindow.All.Select(window => Code.Of(window.Timepoint)));

    /// <summary>The states of a visit on the work list.</summary>
    public static readonly CodeSet WorkListState = CodeSet.Of<VisitState>("WorkListState", "How a visit on the work list stands.")
        .Only([Code.Of(VisitState.Due), Code.Of(VisitState.Overdue)]);

    /// <summary>The analysis sets in which adverse events are counted.</summary>
    public static readonly CodeSet SafetySet = CodeSet.Of<AnalysisSet>("SafetySet", "Whom the rates of adverse events count.")
        .Only([Code.Of(AnalysisSet.Treated), Code.Of(AnalysisSet.IntentionToTreat)]);

    /// <summary>The kinds of record.</summary>
    public static readonly CodeSet RecordKind = CodeSet.Labelled(
        "RecordKind",
        "What kind of record it is.",
        ("site", "A site."),
        ("case", "A case."),
        ("assessment", "An assessment."),
        ("event", "A treatment event."),
        ("adverse-event", "An adverse event."),
        ("cost", "A cost."),
        ("stay", "A stay in hospital."));

    private static readonly Dictionary<string, CodeSet> ByName =
        new[] { ProcedureGroup, AdverseEventGroup, FollowUp, WorkListState, SafetySet, RecordKind }.ToDictionary(set => set.Name);

    /// <summary>The set of this name with these codes.</summary>
    /// <exception cref="InvalidOperationException">The set of this name has other codes.</exception>
    public static CodeSet Named(string name, string meaning, IReadOnlyList<string> codes) =>
        ByName.GetValueOrDefault(name) is not { } known ? CodeSet.Plain(name, meaning, codes)
            : known.Codes.Select(one => one.Code).SequenceEqual(codes) ? known
            : throw new InvalidOperationException(
                $"The set of codes {name} is not {string.Join(", ", codes)}: give these a name of their own.");

    /// <summary>The set of this name.</summary>
    public static CodeSet Named(string name) => ByName[name];
}
