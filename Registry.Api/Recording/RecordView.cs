using System.Collections.Concurrent;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Registry.Api.Http;
using Registry.Domain.Common;
using Registry.Domain.Recording;

namespace Registry.Api.Recording;

/// <summary>A record as it is read back: the members of its parts, one part after the other, in one JSON object.</summary>
/// <param name="Parts">Records, whose members that are null are left out, and each <see cref="NamedMember"/>.</param>
[JsonConverter(typeof(RecordViewWriter))]
internal record RecordView(params IReadOnlyList<object> Parts)
{
    /// <summary>What is wrong with members that are only ever read: each may say what it says here, and nothing else.</summary>
    /// <param name="stated">What a body states of them.</param>
    public IReadOnlyList<Fault> FaultsOf(IReadOnlyDictionary<string, JsonElement> stated)
    {
        if (stated.Count == 0)
        {
            return [];
        }

        var shown = JsonSerializer.SerializeToNode(this, Json.Options)!.AsObject();
        return
        [
            .. from member in stated
               let text = member.Value.GetRawText()
               let now = shown[member.Key]
               where !JsonNode.DeepEquals(JsonNode.Parse(text), now)
               select new Fault(
                   "/" + member.Key,
                   "read-only",
                   $"'{member.Key}' cannot be set. It may be sent back with what it says now, or left out.",
                   FieldReader.Shorten(text),
                   now is null ? null : FieldReader.Shorten(now.ToJsonString(Json.Options))),
        ];
    }
}

/// <summary>The record holds what records of a content are read back with besides it: members that cannot be set.</summary>
/// <param name="content">The content.</param>
[AttributeUsage(AttributeTargets.Class)]
internal sealed class ReadBackWithAttribute(Type content) : Attribute
{
    private static readonly ILookup<Type, Type> ByContent = typeof(ReadBackWithAttribute).Assembly.GetTypes()
        .Where(type => type.IsDefined(typeof(ReadBackWithAttribute), inherit: false))
        .ToLookup(type => type.GetCustomAttribute<ReadBackWithAttribute>()!.Content);

    /// <summary>Every such record.</summary>
    public static IEnumerable<Type> All => ByContent.SelectMany(types => types);

    /// <summary>The content.</summary>
    public Type Content => content;

    /// <summary>The records that hold what a content is read back with.</summary>
    public static IEnumerable<Type> Of(Type content) => ByContent[content];

    /// <summary>The names of the members of a content that no body may state.</summary>
    public static IEnumerable<string> Unstated(Type content) =>
        content.GetProperties()
            .Where(member => member.IsDefined(typeof(NotStatedAttribute)))
            .Select(member => JsonNamingPolicy.CamelCase.ConvertName(member.Name));
}

/// <summary>One member, of a name that is not that of a property.</summary>
internal sealed record NamedMember(string Name, string? Value)
{
    /// <summary>The name of the member that holds the entity tag of a record.</summary>
    public const string OfETag = "etag";

    /// <summary>The member that holds the entity tag of a record.</summary>
    public static NamedMember ETag(RecordedVersion version) => new(OfETag, RecordHeaders.ETag(version));
}

/// <summary>Writes what is read back.</summary>
internal sealed class RecordViewWriter : JsonConverter<RecordView>
{
    private static readonly ConcurrentDictionary<Type, Member[]> MembersOf = new();

    public override bool CanConvert(Type typeToConvert) => typeof(RecordView).IsAssignableFrom(typeToConvert);

    public override RecordView Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        throw new NotSupportedException("What is read back is only ever written.");

    public override void Write(Utf8JsonWriter writer, RecordView value, JsonSerializerOptions options)
    {
        writer.WriteStartObject();
        foreach (var part in value.Parts)
        {
            if (part is NamedMember named)
            {
                writer.WriteString(named.Name, named.Value);
                continue;
            }

            foreach (var member in MembersOf.GetOrAdd(part.GetType(), static (type, options) => Members(type, options), options))
            {
                if (member.Get(part) is { } stated)
                {
                    writer.WritePropertyName(member.Name);
                    JsonSerializer.Serialize(writer, stated, member.Type);
                }
            }
        }

        writer.WriteEndObject();
    }

    private static Member[] Members(Type type, JsonSerializerOptions options) =>
    [
        .. from property in options.GetTypeInfo(type).Properties
           where property.Get is not null
           select new Member(
               JsonEncodedText.Encode(property.Name, options.Encoder),
               property.Get!,
               options.GetTypeInfo(Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType)),
    ];

    private sealed record Member(JsonEncodedText Name, Func<object, object?> Get, JsonTypeInfo Type);
}
