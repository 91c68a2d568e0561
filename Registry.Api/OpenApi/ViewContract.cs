using System.Text.Json.Nodes;
using Microsoft.OpenApi;
using Registry.Api.Data;

namespace Registry.Api.OpenApi;

/// <summary>Says in the contract from which view of the database the figures of a summary come.</summary>
internal static class ViewContract
{
    /// <summary>The member of an operation or a schema that names the view.</summary>
    public const string Member = "x-view";

    private static readonly HashSet<string> Views = [.. Scripts.Views("sqlite").Select(view => view.Name)];

    /// <summary>The view that the docstring of a type names first, or null.</summary>
    public static string? Of(Type type) => Documentation.Of(type)?.Elements("c").Select(name => name.Value).FirstOrDefault(Views.Contains);

    /// <summary>Adds the name of a view, where there is one.</summary>
    public static void AddTo(IOpenApiExtensible owner, string? view)
    {
        if (view is not null)
        {
            CodeSet.Extend(owner, Member, JsonValue.Create(view));
        }
    }
}
