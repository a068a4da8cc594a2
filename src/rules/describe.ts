/** Events in words, for arguments. */
import type { LinkEvent } from '../link/events.ts';
import { opcodeName } from '../spec/opcodes.ts';
import { decodeCc, register, registerName } from '../spec/registers.ts';
import { statusName } from '../spec/status.ts';

export function describe(event: LinkEvent): string {
  switch (event.type) {
    case 'reg.w':
      return event.offset === register.CC
        ? `host writes CC with EN=${decodeCc(event.value).en ? 1 : 0}, SHN=${decodeCc(event.value).shn}`
        : `host writes ${registerName(event.offset)} = ${event.value.toString(16)}h`;
    case 'reg.r':
      return event.offset === register.CSTS
        ? `host reads CSTS with RDY=${event.value & 1}, CFS=${(event.value >>> 1) & 1}`
        : `host reads ${registerName(event.offset)} = ${event.value.toString(16)}h`;
    case 'db.sq':
      return `host writes the SQ${event.qid} tail doorbell = ${event.value}`;
    case 'db.cq':
      return `host writes the CQ${event.qid} head doorbell = ${event.value}`;
    case 'shadow.sq':
      return `${event.writer} writes the shadow tail of SQ${event.qid} = ${event.value}`;
    case 'shadow.cq':
      return `${event.writer} writes the shadow head of CQ${event.qid} = ${event.value}`;
    case 'ei.sq':
      return `${event.writer} writes EventIdx of SQ${event.qid} = ${hexIfLarge(event.value)}`;
    case 'ei.cq':
      return `${event.writer} writes EventIdx of CQ${event.qid} = ${hexIfLarge(event.value)}`;
    case 'ei.read':
      return `host reads EventIdx of ${event.ring.toUpperCase()}${event.qid} = ${hexIfLarge(event.value)}`;
    case 'sqe.write':
      return (
        `host writes to SQ${event.sqid} slot ${event.slot}: ` +
        `${opcodeName(event.sqid, event.opcode)} with CID ${event.cid}`
      );
    case 'sqe.fetch':
      return (
        `controller fetches SQ${event.sqid} slot ${event.slot}: ` +
        `${opcodeName(event.sqid, event.opcode)} with CID ${event.cid}`
      );
    case 'cqe.post':
      return (
        `controller posts to CQ${event.cqid} slot ${event.slot} with P=${event.phase}: ` +
        `SQ${event.sqid} CID ${event.cid}, SQHD ${event.sqhd}, ${statusName(event.status)}`
      );
    case 'cqe.write':
      return (
        `controller writes dword ${event.dword} of CQ${event.cqid} slot ${event.slot} = ` +
        `${event.value.toString(16)}h, was ${event.was.toString(16)}h`
      );
    case 'irq':
      return `an interrupt of vector ${event.vector} reaches the host`;
    case 'irq.mask':
      return `host ${event.masked ? 'masks' : 'unmasks'} ${vectorName(event.vector)}`;
    case 'irq.pending':
      return `the pending bit of vector ${event.vector} becomes ${event.pending ? 1 : 0}`;
    case 'reset':
      return `Controller Level Reset (${event.kind})`;
    case 'request.begin':
      return `the driver receives ${event.request} request ${event.id}`;
    case 'request.end':
      return `the driver answers ${event.request} request ${event.id}`;
    case 'aen.arrived':
      return 'an asynchronous event has arrived at the driver';
    case 'command.begin':
      return `caller ${event.caller} asks for ${opcodeName(event.sqid, event.opcode)} on SQ${event.sqid}`;
    case 'command.end':
      return `caller ${event.caller} is answered with ${statusName(event.status)}`;
    case 'host.sleep':
      return `host sleeps on vector ${event.vector}`;
    case 'host.wake':
      return `host wakes on vector ${event.vector}`;
  }
}

function vectorName(vector: number | 'function'): string {
  return vector === 'function' ? 'the whole function' : `vector ${vector}`;
}

function hexIfLarge(value: number): string {
  return value > 0xffff ? `${value.toString(16)}h` : `${value}`;
}
