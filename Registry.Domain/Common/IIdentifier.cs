using System.Text.Json;
using System.Text.Json.Serialization;

namespace Registry.Domain.Common;

/// <summary>A type whose values are texts in the form of an <see cref="Identifier"/>.</summary>
public interface IIdentifier
{
    /// <summary>Whether there is a text: false for the default value alone.</summary>
    bool IsStated { get; }
}

/// <summary>The same, and how it is read from a text.</summary>
/// <typeparam name="TSelf">The type.</typeparam>
public interface IIdentifier<TSelf> : IIdentifier, IParsable<TSelf>
    where TSelf : struct, IIdentifier<TSelf>;

/// <summary>Reads and writes an identifier as a plain JSON string.</summary>
/// <typeparam name="T">The type of the identifier.</typeparam>
public sealed class IdentifierConverter<T> : JsonConverter<T>
    where T : struct, IIdentifier<T>
{
    /// <inheritdoc/>
    public override T Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        T.TryParse(reader.GetString(), null, out var read) ? read : throw new JsonException($"A text has to be {Identifier.Allowed}.");

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options) => writer.WriteStringValue(value.ToString());
}
