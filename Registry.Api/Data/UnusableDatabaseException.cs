namespace Registry.Api.Data;

/// <summary>
/// The database that the settings name cannot be used, and trying again does not help. The message is one line that names it
/// and says what to do; the program prints it and ends.
/// </summary>
internal sealed class UnusableDatabaseException(string message, Exception? cause = null) : Exception(message, cause);
