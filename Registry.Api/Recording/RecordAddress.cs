using Registry.Api.Http;
using Registry.Domain.Common;

namespace Registry.Api.Recording;

/// <summary>Where a record lies, by the site's own keys.</summary>
/// <param name="Site">The site.</param>
/// <param name="Case">The case; empty for the site itself.</param>
/// <param name="Code">The record's own key below the case; empty for the site and for the case itself; null where it is to be told from the content.</param>
internal sealed record RecordAddress(string Site, string Case = "", string? Code = "")
{
    /// <summary>The key under which the site or the case itself is kept.</summary>
    public const string Itself = "";

    /// <summary>Reads the address of a record from the route, or says what is wrong with it.</summary>
    public static (RecordAddress Address, Problem? Problem) From(HttpRequest request, RecordKind kind) =>
        From(request, kind.IsUnderSite, kind);

    /// <summary>Reads the address of a case from the route, or says what is wrong with it.</summary>
    public static (RecordAddress Address, Problem? Problem) OfCase(HttpRequest request) => From(request, withCase: true, null);

    /// <summary>Reads the address of a site from the route, or says what is wrong with it.</summary>
    public static (RecordAddress Address, Problem? Problem) OfSite(HttpRequest request) => From(request, withCase: false, null);

    /// <summary>What is wrong with a sender's own key, or null.</summary>
    public static Fault? FaultOf(string name, string text) =>
        Identifier.IsValid(text)
            ? null
            : new Fault("/" + name, "not-an-identifier", $"'{name}' has to be {Identifier.Allowed}.", text.Length > 100 ? text[..100] : text, Identifier.Allowed);

    private static (RecordAddress Address, Problem? Problem) From(HttpRequest request, bool withCase, RecordKind? kind)
    {
        var faults = new List<Fault>();
        var address = new RecordAddress(Part("site"), withCase ? Part("case") : Itself, kind?.RouteKey is { } key ? Part(key) : Itself);
        return (address, faults.Count == 0 ? null : Problem.InvalidParameters(faults));

        string Part(string name)
        {
            var text = request.RouteValues[name]?.ToString() ?? string.Empty;
            if ((FaultOf(name, text) ?? (name == kind?.RouteKey ? kind.FaultOfKey(text) : null)) is { } fault)
            {
                faults.Add(fault);
            }

            return text;
        }
    }
}
