// A Restate service whose step waits for an answer from outside: it registers an awakeable at the gateway and awaits it.
// Usage: node service.mjs <port>

// The SDK needs Node 22 for this one function; everything else it uses is in Node 20.
Promise.withResolvers ??= function () {
  let resolve, reject;
  const promise = new Promise((yes, no) => { resolve = yes; reject = no; });
  return { promise, resolve, reject };
};

const restate = await import("@restatedev/restate-sdk");

const post = async (url, body, key) => {
  const response = await fetch(url, {
    method: "POST",
    headers: { "content-type": "application/json", ...(key && { authorization: `Bearer ${key}` }) },
    body: JSON.stringify(body),
  });
  if (!response.ok) throw new Error(`${url} answered ${response.status}`);
  const text = await response.text();
  return text ? JSON.parse(text) : null;
};

const charge = async (ctx, order) => {
  const { id, promise } = ctx.awakeable();

  // A journaled step: repeated until it succeeds, and the gateway answers a repeat with the same token.
  await ctx.run("register", async () => {
    const registered = await post(`${order.gateway}/internal/activities`, {
      workflowId: order.id,
      activityId: "charge",
      returnSchema: { type: "object", required: ["chargeId"] },
      resume: { kind: "restate", connection: "local", awakeableId: id },
    }, order.key);
    await post(order.announceTo, { workflowId: order.id, id: registered.id, token: registered.taskToken });
  });

  try {
    return { result: await promise };
  } catch (error) {
    if (error instanceof restate.TerminalError) return { failed: error.message };
    throw error;
  }
};

restate.serve({ services: [restate.service({ name: "orders", handlers: { charge } })], port: Number(process.argv[2]) });
