using Registry.Api.Http;
using Registry.Domain.Common;

namespace Registry.Api.Recording;

/// <summary>Where a record lies, by the site's own keys.</summary>
/// <param name="Site">The site.</param>
/// <param name="Case">The case; none for the site itself.</param>
/// <param name="Code">The record's own key below the case; empty for the site and for the case itself; null where it is derived from the
/// content.</param>
internal sealed record RecordAddress(SiteCode Site, CaseCode Case = default, string? Code = "")
{
    /// <summary>The key under which the site or the case itself is kept.</summary>
    public const string Itself = "";

    /// <summary>The case as its column has it: empty for the site itself.</summary>
    public string CaseColumn => ColumnOf(Case);

    /// <inheritdoc/>
    public override string ToString() => string.Join('/', Site, CaseColumn, Code);

    /// <summary>A case as its column has it: empty for none.</summary>
    public static string ColumnOf(CaseCode @case) => @case.IsStated ? @case.ToString() : string.Empty;

    /// <summary>Reads the address of a record from the route, or says what is wrong with it.</summary>
    public static (RecordAddress Address, Problem? Problem) From(HttpRequest request, RecordKind kind) =>
        From(request, kind.IsUnderSite, kind);

    /// <summary>Reads the address of a case from the route, or says what is wrong with it.</summary>
    public static (RecordAddress Address, Problem? Problem) OfCase(HttpRequest request) => From(request, withCase: true, null);

    /// <summary>Reads the address of a site from the route, or says what is wrong with it.</summary>
    public static (RecordAddress Address, Problem? Problem) OfSite(HttpRequest request) => From(request, withCase: false, null);

    /// <summary>What is wrong with a sender's own key, or null.</summary>
    public static Fault? FaultOf(string name, string text) =>
        Identifier.IsValid(text) ? null : NotAnIdentifier(name, text);

    private static Fault NotAnIdentifier(string name, string text) =>
        new(
            "/" + name,
            "not-an-identifier",
            $"'{name}' has to be {Identifier.Allowed}.",
            text.Length > 100 ? text[..100] : text,
            Identifier.Allowed);

    private static (RecordAddress Address, Problem? Problem) From(HttpRequest request, bool withCase, RecordKind? kind)
    {
        var faults = new List<Fault>();
        var address = new RecordAddress(
            Stated<SiteCode>("site"), withCase ? Stated<CaseCode>("case") : default, kind?.RouteKey is { } key ? Key(key) : Itself);
        return (address, faults.Count == 0 ? null : Problem.InvalidParameters(faults));

        T Stated<T>(string name)
            where T : struct, IIdentifier<T>
        {
            var text = Part(name);
            if (!T.TryParse(text, null, out var code))
            {
                faults.Add(NotAnIdentifier(name, text));
            }

            return code;
        }

        string Key(string name)
        {
            var text = Part(name);
            if ((FaultOf(name, text) ?? kind!.FaultOfKey(text)) is { } fault)
            {
                faults.Add(fault);
            }

            return text;
        }

        string Part(string name) => request.RouteValues[name]?.ToString() ?? string.Empty;
    }
}
