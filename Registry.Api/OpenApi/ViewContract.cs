using System.Reflection;
using System.Text.Json.Nodes;
using Microsoft.OpenApi;
using Registry.Api.Summaries;

namespace Registry.Api.OpenApi;

/// <summary>Says in the contract from which view of the database the figures of a summary come.</summary>
internal static class ViewContract
{
    /// <summary>The member of an operation or a schema that names the view.</summary>
    public const string Member = "x-view";

    /// <summary>The view that a type declares, or null.</summary>
    public static string? Of(Type type) => type.GetCustomAttribute<FromViewAttribute>()?.View;

    /// <summary>Adds the name of a view, where there is one.</summary>
    public static void AddTo(IOpenApiExtensible owner, string? view)
    {
        if (view is not null)
        {
            CodeSet.Extend(owner, Member, JsonValue.Create(view));
        }
    }
}
