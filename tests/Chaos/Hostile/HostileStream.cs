using System.Collections.Concurrent;
using System.Threading.Channels;
using Google.Protobuf;
using Grpc.Core;
using Grpc.Net.Client;
using LoptCluster.Protocol.V1;
using Status = Grpc.Core.Status;

namespace LoptCluster.Chaos.Hostile;

/// <summary>A stream of <c>Join</c> whose messages are bytes of any kind. Keeps what a worker would know, to lie about it.</summary>
internal sealed class HostileStream : IAsyncDisposable
{
    /// <summary>An answer that takes longer is none.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private static readonly Marshaller<byte[]> Bytes = Marshallers.Create(bytes => bytes, bytes => bytes);

    private static readonly Method<byte[], CoordinatorMessage> Join = new(
        MethodType.DuplexStreaming, OuterTraining.Descriptor.FullName, OuterTraining.Descriptor.Methods.Single().Name, Bytes,
        Marshallers.Create(m => m.ToByteArray(), CoordinatorMessage.Parser.ParseFrom));

    private readonly AsyncDuplexStreamingCall<byte[], CoordinatorMessage> _call;
    private readonly Channel<CoordinatorMessage> _answers = Channel.CreateUnbounded<CoordinatorMessage>();
    private readonly ConcurrentDictionary<long, HeldProblem> _problems = [];
    private readonly ConcurrentDictionary<long, ComparisonPart> _parts = [];
    private readonly ConcurrentDictionary<long, byte> _given = [], _spent = [];
    private readonly Task<Status> _reading;

    private readonly GrpcChannel? _ownChannel;

    /// <param name="channel">Connection that the stream shares with others.</param>
    /// <param name="workerId">Id of the worker that it pretends to be.</param>
    /// <param name="token">Token of workers.</param>
    /// <param name="ownsChannel">Whether the connection ends with the stream.</param>
    public HostileStream(GrpcChannel channel, string workerId, string token, bool ownsChannel = false)
    {
        WorkerId = workerId;
        _ownChannel = ownsChannel ? channel : null;
        var headers = new Metadata { { "authorization", $"Bearer {token}" } };
        _call = channel.CreateCallInvoker().AsyncDuplexStreamingCall(Join, null, new CallOptions(headers));
        _reading = ReadAsync();
    }

    public string WorkerId { get; }

    public Welcome? Welcome { get; private set; }

    /// <summary>Newest version of θ that came.</summary>
    public long Version { get; private set; }

    /// <summary>The evaluation that it was asked for last; null: none.</summary>
    public Evaluation? Evaluation { get; set; }

    /// <summary>Problems that it was given, as far as it knows.</summary>
    public ICollection<HeldProblem> Problems => _problems.Values;

    /// <summary>Parts of a comparison that it was given, as far as it knows.</summary>
    public ICollection<ComparisonPart> Parts => _parts.Values;

    /// <summary>The status with which the stream ended; null: it is open.</summary>
    public Status? End => _reading.IsCompletedSuccessfully ? _reading.Result : null;

    /// <summary>The problem is no longer this worker's.</summary>
    public void Forget(long problem) => _problems.TryRemove(problem, out _);

    /// <summary>The part is no longer this worker's, until it is given to it again.</summary>
    public void ForgetPart(long part) => _parts.TryRemove(part, out _);

    /// <summary>The part is not this worker's, also if it is being given to it at this moment.</summary>
    public void Spend(long part)
    {
        _spent[part] = 0;
        ForgetPart(part);
    }

    /// <summary>Whether the part was ever given to this worker.</summary>
    public bool WasGiven(long part) => _given.ContainsKey(part);

    /// <returns>Whether the message could be written.</returns>
    public async Task<bool> WriteAsync(byte[] message)
    {
        try
        {
            // What the coordinator has not read when it ends the stream is not written: HTTP/2's client may never say so.
            var writing = _call.RequestStream.WriteAsync(message);
            if (await Task.WhenAny(writing, _reading).WaitAsync(Patience) != writing) return false;
            await writing;
            return true;
        }
        catch (Exception e) when (e is not TimeoutException)
        {
            // The stream has ended, in whatever words the client says so: those of HTTP/2 include a NullReferenceException.
            return false;
        }
    }

    public async Task<bool> WriteAsync(IMessage message) => await WriteAsync(message.ToByteArray());

    /// <summary>The next answer: Welcome, Reject or Ack; null: the stream has ended.</summary>
    /// <exception cref="TimeoutException">None came.</exception>
    public async Task<CoordinatorMessage?> AnswerAsync()
    {
        using var limit = new CancellationTokenSource(Patience);
        try
        {
            return await _answers.Reader.WaitToReadAsync(limit.Token) && _answers.Reader.TryRead(out var answer) ? answer : null;
        }
        catch (OperationCanceledException)
        {
            throw new TimeoutException($"Worker '{WorkerId}' got no answer within {Patience}.");
        }
    }

    public async ValueTask DisposeAsync()
    {
        _call.Dispose();
        await _reading;
        _ownChannel?.Dispose();
    }

    private async Task<Status> ReadAsync()
    {
        try
        {
            while (await _call.ResponseStream.MoveNext(CancellationToken.None)) Take(_call.ResponseStream.Current);
            return _call.GetStatus();
        }
        catch (RpcException e)
        {
            return e.Status;
        }
        catch (ObjectDisposedException)
        {
            return new Status(StatusCode.Cancelled, "dropped");
        }
        finally
        {
            _answers.Writer.TryComplete();
        }
    }

    private void Take(CoordinatorMessage message)
    {
        switch (message.KindCase)
        {
            case CoordinatorMessage.KindOneofCase.Welcome:
                Welcome = message.Welcome;
                Version = message.Welcome.Theta.Version;
                _answers.Writer.TryWrite(message);
                break;
            case CoordinatorMessage.KindOneofCase.Reject:
                // A refused sample's problem goes to any worker: perhaps to this one again, with the next assignment.
                Forget(message.Reject.ProblemId);
                _answers.Writer.TryWrite(message);
                break;
            case CoordinatorMessage.KindOneofCase.Ack:
                if (message.Ack.Outcome == SampleOutcome.Superseded) Forget(message.Ack.ProblemId);
                _answers.Writer.TryWrite(message);
                break;
            case CoordinatorMessage.KindOneofCase.Theta:
                Version = Math.Max(Version, message.Theta.Version);
                break;
            case CoordinatorMessage.KindOneofCase.Revoke:
                Forget(message.Revoke.ProblemId);
                break;
            case CoordinatorMessage.KindOneofCase.Assignment when message.Assignment.Problem is { } problem:
                _problems[problem.ProblemId] = new HeldProblem(problem);
                break;
            case CoordinatorMessage.KindOneofCase.Assignment when message.Assignment.ComparisonPart is { } part:
                _given[part.PartId] = 0;
                if (!_spent.ContainsKey(part.PartId)) _parts[part.PartId] = part;
                break;
            case CoordinatorMessage.KindOneofCase.Assignment:
                Evaluation = message.Assignment.Evaluation;
                break;
        }
    }
}
