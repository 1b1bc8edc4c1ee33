namespace LoptCluster.Shared;

/// <summary>
/// A mistake that the user can mend: the message names the value, what was allowed and what to do, in a line or a line per mistake.
/// Programs print it without a stack trace and exit with status 2.
/// </summary>
public class UserErrorException(string message, Exception? inner = null) : Exception(message, inner);
