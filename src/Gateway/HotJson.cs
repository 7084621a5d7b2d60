using System.Text.Json.Serialization;
using Gateway.Completion;
using Gateway.Http;
using Gateway.Registration;
using Gateway.Resumption.Pull;

namespace Gateway;

/// <summary>
/// The documents of the busiest calls, with their metadata made by the compiler: no reflection on the first request. The
/// spelling is that of <see cref="JsonConventions"/>; every other document goes by reflection.
/// </summary>
[JsonSerializable(typeof(RegistrationRequest))]
[JsonSerializable(typeof(RegisteredActivity))]
[JsonSerializable(typeof(CallbackView))]
[JsonSerializable(typeof(Receipt))]
[JsonSerializable(typeof(FailureRequest))]
[JsonSerializable(typeof(HeartbeatAnswer))]
[JsonSerializable(typeof(LeaseRequest))]
[JsonSerializable(typeof(LeaseList))]
[JsonSerializable(typeof(AcknowledgeRequest))]
[JsonSerializable(typeof(SettleAnswer))]
internal sealed partial class HotJson : JsonSerializerContext;
