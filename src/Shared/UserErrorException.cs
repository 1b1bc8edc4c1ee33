namespace LoptCluster.Shared;

/// <summary>
/// An error that the user can fix. The message names the value, what is allowed and what to do, in one line per mistake.
/// Programs print it without a stack trace and exit with status 2.
/// </summary>
public class UserErrorException(string message, Exception? inner = null) : Exception(message, inner);
