namespace Registry.Api.Operations;

/// <summary>The program cannot listen where it was told to. The message says where, why, and what to do.</summary>
internal sealed class CannotListenException(string message, Exception inner) : Exception(message, inner);
