using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Registry.Domain.Assessments;

namespace Registry.Api.Http;

/// <summary>How everything is written as JSON: camelCase, kebab-case codes, absent members left out.</summary>
internal static class Json
{
    public static readonly JsonSerializerOptions Options = Configure(new JsonSerializerOptions());

    public static JsonSerializerOptions Configure(JsonSerializerOptions options)
    {
        options.PropertyNamingPolicy = JsonNamingPolicy.CamelCase;
        options.DictionaryKeyPolicy = null;
        options.DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull;
        options.Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping;
        options.Converters.Add(new JsonStringEnumConverter(JsonNamingPolicy.KebabCaseLower, allowIntegerValues: false));
        options.TypeInfoResolver = new DefaultJsonTypeInfoResolver { Modifiers = { KeepNulls } };
        return options;
    }

    /// <summary>
    /// Whether every member of a type is written, null or not. An item that the patient left unanswered is said as null: leaving it
    /// out would mean that it was not recorded. A figure that cannot be computed is null, with its name.
    /// </summary>
    public static bool KeepsNulls(Type type) =>
        type == typeof(PdiItems) || type.Namespace?.StartsWith("Registry.Api.Summaries", StringComparison.Ordinal) == true;

    private static void KeepNulls(JsonTypeInfo type)
    {
        if (!KeepsNulls(type.Type))
        {
            return;
        }

        foreach (var property in type.Properties)
        {
            property.ShouldSerialize = static (_, _) => true;
        }
    }

    /// <summary>The canonical text of a content: the same content always gives the same text.</summary>
    public static string Canonical<T>(T content) => JsonSerializer.Serialize(content, Options);

    /// <summary>Reads back what <see cref="Canonical"/> wrote.</summary>
    public static T Read<T>(string canonical) => JsonSerializer.Deserialize<T>(canonical, Options)!;

    /// <summary>The names of the members of a type.</summary>
    public static IEnumerable<string> MembersOf(Type type) => Options.GetTypeInfo(type).Properties.Select(member => member.Name);

    /// <summary>Writes a JSON body.</summary>
    public static Task WriteJson(this HttpResponse response, object body, string contentType, CancellationToken cancellation)
    {
        response.ContentType = contentType;
        var bytes = JsonSerializer.SerializeToUtf8Bytes(body, body.GetType(), Options);
        response.ContentLength = bytes.Length;
        return response.Body.WriteAsync(bytes, cancellation).AsTask();
    }

    /// <summary>A date as it travels in JSON, queries and SQL.</summary>
    public static string Iso(this DateOnly date) => date.ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture);
}
