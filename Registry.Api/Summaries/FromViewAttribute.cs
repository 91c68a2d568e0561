namespace Registry.Api.Summaries;

/// <summary>Figures that come from a view of the database: for a summary, where its items do not say otherwise.</summary>
/// <param name="view">The name of the view.</param>
[AttributeUsage(AttributeTargets.Class)]
internal sealed class FromViewAttribute(string view) : Attribute
{
    /// <summary>The name of the view.</summary>
    public string View => view;
}
