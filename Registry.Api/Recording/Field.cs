using System.Reflection;
using System.Text.Json;
using Registry.Api.Http;
using Registry.Domain.Common;

namespace Registry.Api.Recording;

/// <summary>A column of the table of a <typeparamref name="T"/>.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Member">The property that it holds, or one that a member has itself.</param>
/// <param name="Value">What is stored of a content: a code for a value of a closed set, 0 or 1 for a flag, null for nothing.</param>
internal sealed record FieldColumn<T>(string Name, PropertyInfo Member, Func<T, object?> Value);

/// <summary>
/// A member of a <typeparamref name="T"/>, as its attributes declare it: how it is read from a body, and what is stored of it.
/// </summary>
internal abstract class Field<T>(PropertyInfo member)
{
    /// <summary>The property.</summary>
    public PropertyInfo Member => member;

    /// <summary>The name in a body.</summary>
    public string Name { get; } = JsonNamingPolicy.CamelCase.ConvertName(member.Name);

    /// <summary>Whether a content cannot do without it.</summary>
    public bool IsRequired { get; } = new NullabilityInfoContext().Create(member).ReadState == NullabilityState.NotNull;

    /// <summary>Its columns: one, none, or those of the members that it has itself.</summary>
    public abstract IReadOnlyList<FieldColumn<T>> Columns { get; }

    /// <summary>The parameter that narrows a list of records by this member; null for a member that is neither a code nor a flag.</summary>
    public virtual QueryParameter? Filter => null;

    /// <summary>Reads it from a body into a content.</summary>
    /// <param name="fields">The body; what is wrong with the member is noted there.</param>
    /// <param name="content">The content.</param>
    /// <param name="isRequired">Whether it has to be stated.</param>
    /// <returns>Whether it was stated, with a value that could be read.</returns>
    public abstract bool Read(FieldReader fields, T content, bool isRequired);

    /// <summary>The name of a column: as declared or, without that, as the member is called.</summary>
    protected static IReadOnlyList<FieldColumn<T>> Column(PropertyInfo member, Func<T, object?> value) =>
        member.IsDefined(typeof(NoColumnAttribute)) ? [] : [new(
            member.GetCustomAttribute<ColumnAttribute>()?.Name ?? JsonNamingPolicy.SnakeCaseLower.ConvertName(member.Name), member, value)];
}

/// <summary>A member that is a number, a date, a flag or a code.</summary>
/// <param name="member">The property: a <typeparamref name="TValue"/>, or one that can be null.</param>
/// <param name="read">Reads a member of a body by name, and whether it has to be stated.</param>
/// <param name="stored">What is stored of a value.</param>
internal class ValueField<T, TValue>(PropertyInfo member, Func<FieldReader, string, bool, TValue?> read, Func<TValue, object> stored)
    : Field<T>(member)
    where TValue : struct
{
    private readonly Action<T, TValue> _set = Setter(member);

    /// <summary>The value in a content.</summary>
    public Func<T, TValue?> Get { get; } = Getter(member);

    public override IReadOnlyList<FieldColumn<T>> Columns => Column(Member, content => Get(content) is { } value ? stored(value) : null);

    public override bool Read(FieldReader fields, T content, bool isRequired)
    {
        if (read(fields, Name, isRequired) is not { } value)
        {
            return false;
        }

        _set(content, value);
        return true;
    }

    protected static Func<T, TValue?> Getter(PropertyInfo member)
    {
        if (member.PropertyType == typeof(TValue?))
        {
            return member.GetMethod!.CreateDelegate<Func<T, TValue?>>();
        }

        var get = member.GetMethod!.CreateDelegate<Func<T, TValue>>();
        return content => get(content);
    }

    private static Action<T, TValue> Setter(PropertyInfo member)
    {
        if (member.PropertyType == typeof(TValue))
        {
            return member.SetMethod!.CreateDelegate<Action<T, TValue>>();
        }

        var set = member.SetMethod!.CreateDelegate<Action<T, TValue?>>();
        return (content, value) => set(content, value);
    }
}

/// <summary>A member that is a value of a closed set.</summary>
/// <param name="member">The property.</param>
internal sealed class CodeField<T, TCode>(PropertyInfo member)
    : ValueField<T, TCode>(member, (fields, name, isRequired) => fields.Code<TCode>(name, isRequired), value => Code.Of(value))
    where TCode : struct, Enum
{
    public override QueryParameter? Filter => QueryParameter.Coded<TCode>(Name, $"Only records with this '{Name}'. Left out: every one.");
}

/// <summary>A member that is true or false.</summary>
/// <param name="member">The property.</param>
internal sealed class FlagField<T>(PropertyInfo member)
    : ValueField<T, bool>(member, (fields, name, isRequired) => fields.Flag(name, isRequired), value => value ? 1 : 0)
{
    public override QueryParameter? Filter =>
        new(Name, $"Only records with this '{Name}'. Left out: every one.") { Codes = ["true", "false"] };
}

/// <summary>A member that is a date.</summary>
/// <param name="member">The property.</param>
internal sealed class DateField<T>(PropertyInfo member)
    : ValueField<T, DateOnly>(member, (fields, name, isRequired) => fields.Date(name, isRequired), value => value)
{
    private readonly (Func<T, DateOnly?> Get, string Name)? _earliest = member.GetCustomAttribute<NotBeforeAttribute>() is { } other
        ? (Getter(typeof(T).GetProperty(other.Member)!), other.Name)
        : null;

    public override bool Read(FieldReader fields, T content, bool isRequired)
    {
        if (!base.Read(fields, content, isRequired))
        {
            return false;
        }

        if (_earliest is { } earliest && Get(content) is { } date && earliest.Get(content) is { } first && date < first)
        {
            fields.Refuse(
                Name,
                "out-of-order",
                $"'{Name}' is {date.Iso()}, before the {earliest.Name} on {first.Iso()}.",
                date.Iso(),
                $"from {first.Iso()}");
        }

        return true;
    }
}

/// <summary>A member that is a text, or a list of texts.</summary>
/// <param name="member">The property.</param>
/// <param name="read">Reads a member of a body by name, and whether it has to be stated.</param>
/// <param name="stored">What is stored of a value.</param>
internal sealed class TextField<T, TValue>(PropertyInfo member, Func<FieldReader, string, bool, TValue?> read, Func<TValue, object> stored)
    : Field<T>(member)
    where TValue : class
{
    private readonly Func<T, TValue?> _get = member.GetMethod!.CreateDelegate<Func<T, TValue?>>();
    private readonly Action<T, TValue?> _set = member.SetMethod!.CreateDelegate<Action<T, TValue?>>();

    public override IReadOnlyList<FieldColumn<T>> Columns => Column(Member, content => _get(content) is { } value ? stored(value) : null);

    public override bool Read(FieldReader fields, T content, bool isRequired)
    {
        if (read(fields, Name, isRequired) is not { } value)
        {
            return false;
        }

        _set(content, value);
        return true;
    }
}

/// <summary>A member that has members itself. Their columns stand in the table of the record that it is a part of.</summary>
/// <param name="member">The property.</param>
internal sealed class PartField<T, TPart>(PropertyInfo member) : Field<T>(member)
    where TPart : class
{
    private readonly Func<T, TPart?> _get = member.GetMethod!.CreateDelegate<Func<T, TPart?>>();
    private readonly Action<T, TPart?> _set = member.SetMethod!.CreateDelegate<Action<T, TPart?>>();

    public override IReadOnlyList<FieldColumn<T>> Columns =>
    [
        .. FieldSet<TPart>.Declared.Columns.Select(column => new FieldColumn<T>(
            Member.GetCustomAttribute<ColumnAttribute>()?.Name + column.Name,
            column.Member,
            content => _get(content) is { } part ? column.Value(part) : null)),
    ];

    public override bool Read(FieldReader fields, T content, bool isRequired)
    {
        if (fields.Object(Name, isRequired) is not { } members)
        {
            return false;
        }

        var (part, isWhole) = FieldSet<TPart>.Declared.Read(members);
        members.RefuseUnknown();
        _set(content, part);
        return isWhole;
    }
}
