using System.Text;
using System.Text.RegularExpressions;
using System.Text.Unicode;

namespace Registry.Api.Http;

/// <summary>
/// Reads text out of a header. HTTP says nothing of its character set, so the web server hands over one character a byte
/// (see <see cref="WebServer"/>), and senders use what they have: UTF-8, ISO 8859-1, or the form of RFC 8187.
/// </summary>
internal static partial class HeaderText
{
    /// <summary>The text: as UTF-8 where the bytes are that, as ISO 8859-1 otherwise.</summary>
    public static string Decode(string raw)
    {
        if (raw.AsSpan().IndexOfAnyExceptInRange('\0', '\x7F') < 0 || raw.AsSpan().IndexOfAnyExceptInRange('\0', '\xFF') >= 0)
        {
            return raw;
        }

        var bytes = Encoding.Latin1.GetBytes(raw);
        return Utf8.IsValid(bytes) ? Encoding.UTF8.GetString(bytes) : raw;
    }

    /// <summary>
    /// The text, which may also be an extended value of RFC 8187 such as <c>UTF-8''%C3%9Cbertragungsfehler</c>. Null for an
    /// extended value that is none.
    /// </summary>
    public static string? DecodeExtended(string raw)
    {
        var extended = Extended().Match(raw);
        if (!extended.Success)
        {
            return Decode(raw);
        }

        if (!ExtendedValue().IsMatch(extended.Groups["value"].Value))
        {
            return null;
        }

        var bytes = Unescape(extended.Groups["value"].Value);
        if (extended.Groups["charset"].Value.StartsWith("ISO", StringComparison.OrdinalIgnoreCase))
        {
            return Encoding.Latin1.GetString(bytes);
        }

        return Utf8.IsValid(bytes) ? Encoding.UTF8.GetString(bytes) : null;
    }

    private static byte[] Unescape(string value)
    {
        var bytes = new List<byte>(value.Length);
        for (var index = 0; index < value.Length; index++)
        {
            bytes.Add(value[index] == '%' ? Convert.FromHexString(value.AsSpan(index + 1, 2))[0] : (byte)value[index]);
            index += value[index] == '%' ? 2 : 0;
        }

        return [.. bytes];
    }

    [GeneratedRegex(
        "^(?<charset>UTF-8|ISO-8859-1)'[A-Za-z0-9-]*'(?<value>.*)$",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.Singleline)]
    private static partial Regex Extended();

    [GeneratedRegex(@"^(?:[A-Za-z0-9!#$&+.^_`|~-]|%[0-9A-Fa-f]{2})*\z", RegexOptions.CultureInvariant)]
    private static partial Regex ExtendedValue();
}
